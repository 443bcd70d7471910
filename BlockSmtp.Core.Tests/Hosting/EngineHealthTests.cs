using System.Net;
using BlockSmtp.Hosting;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Hosting;

/// <summary>What a health check says of an engine.</summary>
public sealed class EngineHealthTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Test]
    public async Task One_that_runs_is_healthy_and_says_how_many_are_blocked()
    {
        await using var running = new RunningEngine();
        await running.Engine.BlockAsync(IPNetwork.Parse("192.0.2.1/32"), TimeSpan.FromHours(1), "a test");

        var report = await new EngineHealth(running.Engine).CheckAsync();

        (report.Status, report.Description).Should().Be((EngineHealthStatus.Healthy, "1 blocked now"));
        report.Data["blocks"].Should().Be(1);
    }

    [Test]
    public async Task One_that_does_not_run_is_unhealthy()
    {
        var engine = new DetectionEngine(new MemoryLogSource([]), new BlockSmtp.Policies.CountPolicy(), new MemoryFirewall());

        var report = await new EngineHealth(engine, Short).CheckAsync();

        (report.Status, report.Description).Should().Be((EngineHealthStatus.Unhealthy, "the engine does not run yet"));
    }

    [Test]
    public async Task One_whose_observer_hangs_is_unhealthy()
    {
        using var go = new ManualResetEventSlim();
        await using var running = new RunningEngine(options => options.Observer = new Hanging(go));
        _ = Task.Run(() => running.Engine.BlockAsync(IPNetwork.Parse("192.0.2.1/32"), TimeSpan.FromHours(1), "a test"));
        var health = new EngineHealth(running.Engine, Short);

        await Eventually.IsTrue(
            async () => (await health.CheckAsync()).Status == EngineHealthStatus.Unhealthy,
            "it makes no sign of life",
            TimeSpan.FromMinutes(1));

        go.Set();
        await Eventually.IsTrue(
            async () => (await health.CheckAsync()).Status == EngineHealthStatus.Healthy, "it is well again", TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task Whoever_gives_up_hears_of_it()
    {
        var engine = new DetectionEngine(new MemoryLogSource([]), new BlockSmtp.Policies.CountPolicy(), new MemoryFirewall());

        await FluentActions.Awaiting(() => new EngineHealth(engine).CheckAsync(new CancellationToken(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    private sealed class Hanging(ManualResetEventSlim go) : IEngineObserver
    {
        public void OnBlocked(Block block) => go.Wait();
    }
}
