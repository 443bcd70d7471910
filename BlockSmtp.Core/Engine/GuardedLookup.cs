using System.Numerics;
using BlockSmtp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>
/// A look-up that may be anybody's: what it throws is told, and taken for a process that is not there, so that the offense
/// counts once the log names its host.
/// </summary>
internal sealed class GuardedLookup(IPeerLookup lookup, ILogger logger) : IPeerLookup
{
    private long _failures;

    public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
    {
        try
        {
            return lookup.FindPeer(processId, startedBefore);
        }
#pragma warning disable CA1031 // Whatever a look-up throws, reading goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (BitOperations.IsPow2(++_failures))
                logger.LookupFailed(lookup.GetType().Name, processId, _failures, e);
            return PeerLookupResult.NotFound(PeerLookupOutcome.NoProcess);
        }
    }
}
