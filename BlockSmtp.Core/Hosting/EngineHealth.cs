using System.Globalization;

namespace BlockSmtp.Hosting;

/// <summary>
/// Says whether an engine is well, in the shape of a health check of .NET, whose package the library does not need: the statuses have the
/// same numbers, and a report has what a <c>HealthCheckResult</c> is made of. <c>AddBlockSmtp</c> registers one for each engine.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="patience">How long a sign of life may take; more than zero, null for 10 seconds.</param>
public sealed class EngineHealth(DetectionEngine engine, TimeSpan? patience = null)
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);
    private long _policyFailures;

    /// <summary>Looks. Takes as long as a sign of life does, at most the patience.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found.</returns>
    public async Task<EngineHealthReport> CheckAsync(CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            await engine.HeartbeatAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var what = engine.Status.StartedAt is null
                ? "the engine does not run yet"
                : "the engine makes no sign of life: its decisions, an observer or the firewall hang, or it has ended";
            return Report(EngineHealthStatus.Unhealthy, what);
        }

        var status = engine.Status;
        var failures = status.Counters.PolicyFailures;
        var hasFailed = Interlocked.Exchange(ref _policyFailures, failures) < failures;
        return status switch
        {
            { LastComparison: { Agrees: false } look } => Report(EngineHealthStatus.Degraded, string.Create(CultureInfo.InvariantCulture,
                $"at {look.Time:HH:mm:ss} UTC {look.Actual} networks were blocked and not {look.Wanted}: "
                    + $"somebody has changed the rules, or the firewall fails")),
            _ when hasFailed =>
                Report(EngineHealthStatus.Degraded, "the policy has thrown since the last look: that is taken for no verdict"),
            _ => Report(EngineHealthStatus.Healthy, string.Create(CultureInfo.InvariantCulture, $"{status.Blocks} blocked now")),
        };
    }

    private EngineHealthReport Report(EngineHealthStatus status, string description)
    {
        var now = engine.Status;
        var figures = new Dictionary<string, object>
        {
            ["blocks"] = now.Blocks,
            ["offenses"] = now.Counters.Offenses,
            ["lines_per_second"] = now.LinesPerSecond,
        };
        if (now.LastRead is { } read)
            figures["last_read"] = read;
        return new EngineHealthReport { Status = status, Description = description, Data = figures };
    }
}
