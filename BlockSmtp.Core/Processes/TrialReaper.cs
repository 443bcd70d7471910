using System.Net;

namespace BlockSmtp.Processes;

/// <summary>Holds another reaper back until a time: before it no session is ended.</summary>
/// <param name="reaper">The one that is held back.</param>
/// <param name="end">When the trial is over. UTC.</param>
/// <param name="timeProvider">The clock; null for the machine's.</param>
public sealed class TrialReaper(IProcessReaper reaper, DateTimeOffset end, TimeProvider? timeProvider = null) : IProcessReaper
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(
        IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken) =>
        _time.GetUtcNow() < end ? ValueTask.FromResult<IReadOnlyList<EndedSession>>([]) : reaper.EndSessionsAsync(peers, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken) =>
        _time.GetUtcNow() < end
            ? ValueTask.FromResult<IReadOnlyList<EndedSession>>([])
            : reaper.EndStuckSessionsAsync(idleFor, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(TimeSpan within, CancellationToken cancellationToken) =>
        _time.GetUtcNow() < end
            ? ValueTask.FromResult<IReadOnlyList<EndedSession>>([])
            : reaper.EndStalledSessionsAsync(within, cancellationToken);
}
