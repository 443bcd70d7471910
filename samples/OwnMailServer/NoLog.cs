using System.Runtime.CompilerServices;
using BlockSmtp;

namespace OwnMailServer;

/// <summary>The engine runs as long as its log does; this one has no lines and ends when it is told to.</summary>
public sealed class NoLog : ILogSource
{
    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        yield break;
    }
}
