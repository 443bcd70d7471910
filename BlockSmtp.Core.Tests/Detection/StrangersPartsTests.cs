using System.Net;
using BlockSmtp.Policies;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

/// <summary>Whatever a part of somebody else's does, the engine goes on and says whose part it was.</summary>
public sealed class StrangersPartsTests
{
    private const string Host = "203.0.113.20";
    private const string Other = "203.0.113.21";
    private static readonly IPNetwork Network = IPNetwork.Parse("203.0.113.0/24");

    [Test]
    public async Task A_policy_that_throws_is_told_with_the_offense_and_the_next_is_judged()
    {
        await using var running = new RunningEngine(policy: new Picky());
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Other).Unknown(8, 4).End(8, Host));

        await running.Firewall.UntilBlocked(Host);

        running.Engine.Counters.PolicyFailures.Should().Be(4);
        running.Events.Entries.Where(entry => entry.Id == 1042).Select(entry => entry.Message).Should()
            .HaveCount(3, "it is told at the first, the second, the fourth")
            .And.AllSatisfy(text => text.Should().Contain(nameof(Picky)).And.Contain(Other));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_observer_may_block_a_network_when_it_is_told_of_a_host_and_wait_for_it(bool onAnotherThread)
    {
        var observer = new Widener(onAnotherThread);
        await using var running = new RunningEngine(options =>
        {
            options.Observer = observer;
            options.Store = new MemoryBlockStore();
        });
        observer.Engine = running.Engine;

        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));

        await running.Firewall.UntilBlocked(Host, "203.0.113.0");
        running.Engine.Blocks.Should().HaveCount(2);
        observer.Told.Should().Equal($"{Host}/32", "203.0.113.0/24");
        observer.HasWaited.Should().BeTrue("it does not hang");
    }

    [Test]
    public async Task A_policy_that_waits_for_a_block_is_told_at_once_that_this_cannot_be()
    {
        var policy = new Impatient();
        await using var running = new RunningEngine(options => options.Store = new MemoryBlockStore(), policy: policy);
        policy.Engine = running.Engine;

        await running.Log.WriteAsync(new LogText().Unknown(7, 1).End(7, Host));

        policy.Failure.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("policy");
        running.Engine.Blocks.Should().BeEmpty();
    }

    [Test]
    public async Task While_an_observer_hangs_decisions_are_made_and_there_is_no_sign_of_life()
    {
        using var observer = new Sleeper();
        await using var running = new RunningEngine(options => options.Observer = observer);
        var writing = running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        var heartbeat = running.Engine.HeartbeatAsync();
        (await running.Engine.BlockAsync(Network, TimeSpan.FromHours(1), "a test").WaitAsync(TimeSpan.FromSeconds(30)))
            .Block.Should().NotBeNull();
        heartbeat.IsCompleted.Should().BeFalse();

        observer.WakeUp();
        await writing;
        await heartbeat.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_firewall_that_throws_anything_at_the_start_is_named()
    {
        var engine = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), new Strange());

        var failure = (await FluentActions.Awaiting(() => engine.RunAsync(default)).Should().ThrowAsync<FirewallException>()).Which;

        failure.Message.Should().Contain(nameof(Strange)).And.Contain("no such API");
        failure.InnerException.Should().BeOfType<InvalidOperationException>();
    }

    private sealed class Picky : IOffenderPolicy
    {
        private readonly CountPolicy _inner = new();

        public Verdict Judge(in Offense offense) =>
            offense.Peer.ToString() == Other ? throw new InvalidOperationException("a policy's own defect") : _inner.Judge(offense);
    }

    private sealed class Impatient : IOffenderPolicy
    {
        public DetectionEngine? Engine { get; set; }

        public Exception? Failure { get; private set; }

        public Verdict Judge(in Offense offense)
        {
            try
            {
                Engine!.BlockAsync(Network, TimeSpan.FromHours(1), "a test").Wait(TimeSpan.FromSeconds(10))
                    .Should().BeTrue("it does not hang");
            }
            catch (AggregateException e)
            {
                Failure = e.InnerException;
            }

            return Verdict.None;
        }
    }

    private sealed class Widener(bool onAnotherThread) : IEngineObserver
    {
        public DetectionEngine? Engine { get; set; }

        public List<string> Told { get; } = [];

        public bool HasWaited { get; private set; }

        public void OnBlocked(Block block)
        {
            Told.Add(block.Network.ToString());
            if (block.Network.PrefixLength < 32)
                return;
            var blocking = onAnotherThread ? Task.Run(Widen) : Widen();
            HasWaited = blocking.Wait(TimeSpan.FromSeconds(10));
        }

        private Task Widen() => Engine!.BlockAsync(Network, TimeSpan.FromHours(1), "a test");
    }

    private sealed class Sleeper : IEngineObserver, IDisposable
    {
        private readonly ManualResetEventSlim _awake = new();

        public void OnBlocked(Block block) => _awake.Wait(TimeSpan.FromSeconds(30));

        public void WakeUp() => _awake.Set();

        public void Dispose() => _awake.Dispose();
    }

    private sealed class Strange : IFirewall
    {
        public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("no such API");

        public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) => default;

        public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask StopAsync(CancellationToken cancellationToken) => default;
    }
}
