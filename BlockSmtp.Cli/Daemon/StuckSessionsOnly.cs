using System.Net;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Ends sessions whose client is silent or stalls, and none of blocked hosts: the gate plays along with these (<c>--deny=alike</c>).
/// </summary>
internal sealed class StuckSessionsOnly(IProcessReaper reaper) : IProcessReaper
{
    public ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(
        IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<EndedSession>>([]);

    public ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken) =>
        reaper.EndStuckSessionsAsync(idleFor, cancellationToken);

    public ValueTask<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(TimeSpan within, CancellationToken cancellationToken) =>
        reaper.EndStalledSessionsAsync(within, cancellationToken);
}
