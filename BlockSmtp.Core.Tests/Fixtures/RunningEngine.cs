using System.Net;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Firewalls;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>An engine that runs, with everything around it in the test's hand. Disposing stops it.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <param name="configure">Changes the options.</param>
    /// <param name="later">How long after the usual time it is.</param>
    /// <param name="policy">The policy; null for the usual one.</param>
    /// <param name="logger">Our own log; null for <see cref="Events"/>.</param>
    public RunningEngine(
        Action<DetectionEngineOptions>? configure = null, TimeSpan later = default, IOffenderPolicy? policy = null, ILogger? logger = null)
    {
        Time.Advance(later);
        Time.SetLocalTimeZone(TimeZoneInfo.Utc);
        var options = new DetectionEngineOptions { Observer = Seen };
        configure?.Invoke(options);
        Engine = new DetectionEngine(Log, policy ?? new CountPolicy(), Firewall, Reaper, options, Time, logger ?? Events);
        Run = Engine.RunAsync(_stop.Token);
    }

    public RecordedLog<DetectionEngine> Events { get; } = new();

    public SettableTime Time { get; } = new(new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero));

    public ScriptedLogSource Log { get; } = new();

    public MemoryFirewall Firewall { get; } = new();

    public RecordingReaper Reaper { get; } = new();

    public SeenDecisions Seen { get; } = new();

    public DetectionEngine Engine { get; }

    public Task Run { get; }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await Run.WaitAsync(TimeSpan.FromSeconds(30));
        _stop.Dispose();
    }

    internal sealed class RecordingReaper : IProcessReaper
    {
        public Action<IReadOnlyCollection<IPNetwork>>? OnEnd { get; set; }

        public TaskCompletionSource<IReadOnlyCollection<IPNetwork>> Ended { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TimeSpan> Stuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TimeSpan> Stalled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(
            IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken)
        {
            try
            {
                OnEnd?.Invoke(peers);
                Ended.TrySetResult(peers);
            }
            catch (Exception e)
            {
                Ended.TrySetException(e);
                throw;
            }

            return ValueTask.FromResult<IReadOnlyList<EndedSession>>([]);
        }

        public ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken)
        {
            Stuck.TrySetResult(idleFor);
            return ValueTask.FromResult<IReadOnlyList<EndedSession>>([]);
        }

        public ValueTask<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(TimeSpan within, CancellationToken cancellationToken)
        {
            Stalled.TrySetResult(within);
            return ValueTask.FromResult<IReadOnlyList<EndedSession>>([]);
        }
    }
}
