using System.Net;
using BlockSmtp.Policies;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Detection;

/// <summary>What a watchdog is fed with.</summary>
public sealed class HeartbeatTests
{
    [Test]
    public async Task A_running_engine_shows_that_it_is_alive_as_often_as_it_is_asked()
    {
        await using var engine = new RunningEngine();
        for (var i = 0; i < 3; i++)
            await engine.Engine.HeartbeatAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => engine.Engine.HeartbeatAsync())).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task An_engine_that_does_not_run_shows_nothing()
    {
        var engine = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), new MemoryFirewall());
        using var stop = new CancellationTokenSource();
        var heartbeat = engine.HeartbeatAsync(stop.Token);
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => heartbeat).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task While_the_firewall_hangs_there_is_no_sign_of_life()
    {
        var firewall = new HangingFirewall();
        var log = new ScriptedLogSource();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero));
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        var engine = new DetectionEngine(log, new CountPolicy(), firewall, timeProvider: time);
        using var stop = new CancellationTokenSource();
        var running = engine.RunAsync(stop.Token);
        await engine.HeartbeatAsync().WaitAsync(TimeSpan.FromSeconds(30));

        await log.WriteAsync(new LogText().Unknown(4711, 4).End(4711, "203.0.113.20"));
        await firewall.Called.WaitAsync(TimeSpan.FromSeconds(30));
        var heartbeat = engine.HeartbeatAsync();
        // Another turn of the decisions, so that the heartbeat has had the time for its own.
        await log.WriteAsync(new LogText().Unknown(4712, 1));
        heartbeat.IsCompleted.Should().BeFalse();

        firewall.GoOn();
        await heartbeat.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task While_the_firewall_fails_and_is_tried_again_the_engine_is_alive()
    {
        await using var engine = new RunningEngine();
        engine.Firewall.Failing = int.MaxValue;
        await engine.Log.WriteAsync(new LogText().Unknown(4711, 4).End(4711, "203.0.113.20"));
        for (var i = 0; i < 3; i++)
        {
            var heartbeat = engine.Engine.HeartbeatAsync();
            await Eventually.IsTrue(
                () =>
                {
                    engine.Time.Advance(TimeSpan.FromMinutes(1));
                    return heartbeat.IsCompletedSuccessfully;
                },
                "there is a sign of life");
        }
    }

    private sealed class HangingFirewall : IFirewall
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Called => _called.Task;

        public void GoOn() => _goOn.SetResult();

        public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
        {
            _called.TrySetResult();
            await _goOn.Task;
        }

        public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyCollection<IPNetwork>>([]);

        public ValueTask StopAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
