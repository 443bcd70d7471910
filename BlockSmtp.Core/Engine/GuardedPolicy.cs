using System.Net;
using System.Numerics;
using BlockSmtp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>A policy that may be anybody's: what it throws is told with what it was asked of, counted, and taken for no verdict.</summary>
internal sealed class GuardedPolicy(IOffenderPolicy policy, ILogger logger) : IOffenderPolicy
{
    /// <summary>How often it has thrown.</summary>
    public long Failures { get; private set; }

    public bool WantsAcceptances { get; } = policy.WantsAcceptances;

    public Verdict Judge(in Offense offense)
    {
        try
        {
            return policy.Judge(offense);
        }
#pragma warning disable CA1031 // Whatever a policy throws, blocking goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed("an offense", offense.Peer, offense.Time, e);
            return Verdict.None;
        }
    }

    public void Accept(in Acceptance acceptance)
    {
        try
        {
            policy.Accept(acceptance);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed("an acceptance", acceptance.Peer, acceptance.Time, e);
        }
    }

    public Verdict End(in TransactionEnd end)
    {
        try
        {
            return policy.End(end);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed("the end of a transaction", end.Peer, end.Time, e);
            return Verdict.None;
        }
    }

    public void TakeOwn(IReadOnlyCollection<IPAddress> addresses)
    {
        try
        {
            policy.TakeOwn(addresses);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed("the mail server's addresses", IPAddress.None, default, e);
        }
    }

    public void Forgive(IPNetwork network, DateTimeOffset time)
    {
        try
        {
            policy.Forgive(network, time);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed("a release", network.BaseAddress, time, e);
        }
    }

    public GuessingAlarm? TakeAlarm()
    {
        try
        {
            return policy.TakeAlarm();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            OnFailed("an alarm", IPAddress.None, default, e);
            return null;
        }
    }

    // A client may cause it as often as it likes, so it is told at 1, 2, 4, 8, ...
    private void OnFailed(string what, IPAddress peer, DateTimeOffset time, Exception failure)
    {
        if (BitOperations.IsPow2(++Failures))
            logger.PolicyFailed(policy.GetType().Name, what, peer, time, Failures, failure);
    }
}
