using System.Net;
using System.Text;
using BlockSmtp.Policies;
using BlockSmtp.Sendmail;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Detection;

/// <summary>What an engine makes of the state that an earlier one has left, and when it keeps its own.</summary>
public sealed class ResumedEngineTests
{
    private const string Host = "203.0.113.20";
    private const string Other = "203.0.113.21";
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 3, TimeSpan.Zero);
    private MemoryBlockStore _store = null!;

    [SetUp]
    public void MakeStore() => _store = new();

    [Test]
    public async Task Blocks_of_an_earlier_run_are_in_force_before_the_first_line_for_the_time_that_is_left()
    {
        await LeaveAsync(BlockOf($"{Host}/32", Start.AddHours(1)), BlockOf("2001:db8::/64", Start.AddHours(2)));
        await using var running = Run();
        await running.Firewall.UntilBlocked(Host, "2001:db8::");
        (running.Firewall.Starts, running.Firewall.Applies).Should().Be((1, 0), "one transaction");

        running.Time.Advance(TimeSpan.FromHours(1));

        await running.Firewall.UntilBlocked("2001:db8::");
        running.Engine.Blocks.Should().ContainSingle();
        running.Engine.Counters.Blocks.Should().Be(0, "it has made none");
    }

    [Test]
    public async Task A_block_whose_time_is_over_is_history()
    {
        await LeaveAsync(BlockOf($"{Host}/32", Start.AddMinutes(-1)));
        await using (var running = Run())
        {
            await running.Log.WriteAsync(new LogText().Unknown(7, 1));
            running.Firewall.Blocked.Should().BeEmpty();
        }

        (await _store.FindAsync(new())).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { ReleasedAt = Start.AddMinutes(-1), ReleaseReason = ReleaseReason.Expired });
    }

    [TestCase("203.0.113.0/24")]
    [TestCase("203.0.113.20/32")]
    public async Task A_block_of_whom_the_white_list_trusts_by_now_is_not_taken_up(string trusted)
    {
        await LeaveAsync(BlockOf("203.0.113.20/31", Start.AddHours(1)), BlockOf("198.51.100.1/32", Start.AddHours(1)));
        await using (var running = Run(options => options.WhiteList = new WhiteList([IPNetwork.Parse(trusted)])))
            await running.Firewall.UntilBlocked("198.51.100.1");
        (await _store.FindAsync(new() { Network = IPNetwork.Parse("203.0.113.20/31") })).Single().ReleaseReason.Should().Be(
            ReleaseReason.WhiteListed);
    }

    [Test]
    public async Task Guesses_before_and_after_a_restart_count_together_and_once()
    {
        await using (var first = Run())
            await first.Log.WriteAsync(new LogText().Unknown(7, 2).End(7, Host).Unknown(8, 1).End(8, Other));
        await using var second = Run();
        second.Engine.Counters.Offenses.Should().Be(0);
        await second.Log.WriteAsync(new LogText().Unknown(9, 1).End(9, Host).Unknown(10, 2).End(10, Other));
        second.Engine.Blocks.Should().BeEmpty("both have made three");

        await second.Log.WriteAsync(new LogText().Unknown(11, 1).End(11, Host));

        await second.Firewall.UntilBlocked(Host);
        second.Engine.Blocks.Single().Should().Match<Block>(block => block.Offenses == 4 && block.Evidence!.Offenses == 4);
        second.Seen.Offenses.Should().Be(4, "nobody is told again of the first");
    }

    [Test]
    public async Task Guesses_that_are_too_long_ago_no_longer_count()
    {
        await using (var first = Run(options => options.KeepOffenses = TimeSpan.FromHours(1)))
            await first.Log.WriteAsync(new LogText().Unknown(7, 3).End(7, Host));
        await using var second = Run(options => options.KeepOffenses = TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        await second.Log.WriteAsync(new LogText().At("20:00:03").Unknown(8, 3).End(8, Host));
        second.Engine.Blocks.Should().BeEmpty();
    }

    [Test]
    public async Task Guesses_that_wait_for_their_host_wait_on_after_a_restart()
    {
        await using (var first = Run())
            await first.Log.WriteAsync(new LogText().Unknown(7, 4).Unknown(8, 4));
        await using (var second = Run())
        {
            await second.Log.WriteAsync(new LogText().End(7, Host));
            await second.Firewall.UntilBlocked(Host);
        }

        (await _store.LoadAsync(default)).Waiting.Should().ContainSingle().Which.ProcessId.Should().Be(8);
    }

    [Test]
    public async Task A_blocked_host_has_no_guesses_left_to_count()
    {
        await using (var running = Run())
        {
            await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 1).End(8, Other));
            await running.Firewall.UntilBlocked(Host);
        }

        (await _store.LoadAsync(default)).Offenses.Should().ContainSingle().Which.Host.Should().Be(IPAddress.Parse(Other));
    }

    [Test]
    public async Task What_a_host_has_tried_counts_again_when_its_block_turns_out_to_be_unfounded_and_after_a_restart()
    {
        var host = IPAddress.Parse(Host);
        await using (var first = Run(policy: new BalancePolicy()))
        {
            await first.Log.WriteAsync(new LogText());
            foreach (var name in (string[])["anna", "bob", "carl", "dora", "emil"])
                first.Engine.Report(OffenseOf(name, 1));
            first.Engine.Blocks.Should().ContainSingle();
            first.Engine.Explain(host).Offenses.Should().BeEmpty("the block has them");

            first.Engine.Report(new TransactionEnd(host, Start, 1) { Sender = SenderKind.Named, Recipients = 90 });

            first.Engine.Blocks.Should().BeEmpty("it was a list");
            first.Engine.Explain(host).Offenses.Select(offense => (offense.Recipient, offense.Sender)).Should().Equal(
                ("anna", SenderKind.Named), ("bob", SenderKind.Named), ("carl", SenderKind.Named), ("dora", SenderKind.Named));
        }

        (await _store.LoadAsync(default)).Offenses.Should().ContainSingle().Which.Offenses.Should().HaveCount(4);
        await using var second = Run(policy: new BalancePolicy());
        await second.Log.WriteAsync(new LogText());
        second.Engine.Report(OffenseOf("frank", 2));
        second.Engine.Report(new TransactionEnd(host, Start, 2) { Sender = SenderKind.Named });

        second.Engine.Blocks.Should().ContainSingle().Which.Offenses.Should().Be(5);
    }

    [Test]
    public async Task What_a_host_has_tried_does_not_count_again_when_its_block_is_lifted_by_hand()
    {
        var host = IPAddress.Parse(Host);
        await using var running = Run(policy: new BalancePolicy());
        await running.Log.WriteAsync(new LogText());
        foreach (var name in (string[])["anna", "bob", "carl", "dora"])
            running.Engine.Report(OffenseOf(name, 1));

        (await running.Engine.ReleaseAsync(IPNetwork.Parse($"{Host}/32"))).Should().BeTrue();
        running.Engine.Report(new TransactionEnd(host, Start, 1) { Sender = SenderKind.Named, Recipients = 90 });

        running.Engine.Explain(host).Offenses.Should().BeEmpty();
    }

    [Test]
    public async Task A_release_is_done_when_it_is_kept()
    {
        var store = new GatedStore();
        await using var running = Run(options => options.Store = store);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
        await Eventually.IsTrue(async () => (await store.Inner.LoadAsync(default)).Blocks.Count == 1, "the block is kept");
        store.Close();

        var release = running.Engine.ReleaseAsync(IPNetwork.Parse($"{Host}/32"));
        await running.Firewall.UntilBlocked();
        release.IsCompleted.Should().BeFalse();
        store.Open();

        (await release).Should().BeTrue();
        (await store.Inner.LoadAsync(default)).Blocks.Should().BeEmpty();
    }

    [Test]
    public async Task Sessions_are_ended_when_the_block_is_kept_and_not_before()
    {
        var store = new GatedStore();
        await using var running = Run(options => options.Store = store);
        await running.Log.WriteAsync(new LogText());
        store.Close();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
        running.Reaper.Ended.Task.IsCompleted.Should().BeFalse("nothing but the session could tell again who it was");

        store.Open();

        (await running.Reaper.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30))).Should().Equal(IPNetwork.Parse($"{Host}/32"));
        (await store.Inner.LoadAsync(default)).Blocks.Should().ContainSingle();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task While_very_much_waits_for_the_store_the_log_is_read_on_when_it_has_kept_that_or_a_moment_has_passed(bool isKept)
    {
        var store = new GatedStore();
        await using var running = Run(options => options.Store = store);
        await running.Log.WriteAsync(new LogText());
        store.Close();
        var many = new LogText();
        for (var i = 0; i < 4_500; i++)
            many.Unknown(7, 4).End(7, $"10.0.{i / 250}.{i % 250}");

        var written = running.Log.WriteAsync(many);
        await Eventually.IsTrue(() => running.Engine.Blocks.Count == 4_500, "all of it is read");
        written.IsCompleted.Should().BeFalse();
        if (isKept)
            store.Open();
        else
            await Pass(running, () => written.IsCompleted);

        await written;
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        running.Engine.Blocks.Should().HaveCount(4_501, "a store that hangs is not waited for again");
        store.Open();
    }

    [Test]
    public async Task While_the_store_fails_all_goes_on_and_is_written_when_it_is_mended()
    {
        var store = new GatedStore();
        await store.Inner.CommitAsync(new() { Time = Start, Blocks = [new(BlockOf("198.51.100.1/32", Start.AddHours(1)))] }, default);
        store.Failure = "the disk is full: make room";
        await using var running = Run(options => options.Store = store);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 1).End(8, Other).Unknown(9, 1));
        await running.Firewall.UntilBlocked(Host);
        await running.Reaper.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await running.Engine.BlockAsync(IPNetwork.Parse("192.0.2.0/24"), TimeSpan.FromHours(1), "by hand")).Block.Should().NotBeNull();
        await Pass(running, () => store.Failures > 3);
        running.Events.Entries.Should().ContainSingle(entry => entry.Id == 1050);

        store.Failure = null;
        await Pass(running, () => running.Events.Entries.Any(entry => entry.Id == 1051));

        await running.Firewall.UntilBlocked(Host, "192.0.2.0", "198.51.100.1");
        await Eventually.IsTrue(
            async () => (await store.Inner.LoadAsync(default)) is { Blocks.Count: 3, Offenses.Count: 1, Waiting.Count: 1 },
            "all of it is kept");
    }

    [Test]
    public async Task A_store_that_another_engine_uses_is_said_before_anything_is_changed()
    {
        var firewall = new MemoryFirewall();
        var engine = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), firewall, null, new() { Store = new TakenStore() });
        await FluentActions.Awaiting(() => engine.RunAsync(default)).Should().ThrowAsync<BlockStoreException>();
        firewall.Starts.Should().Be(0);
    }

    [TestCase(-5)]
    [TestCase(5)]
    public async Task A_block_keeps_its_time_when_the_clock_is_set(int hours)
    {
        await using var running = Run();
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);

        running.Time.Set(TimeSpan.FromHours(hours));
        await PassMinutes(running, (3 * 60) - 1);
        running.Firewall.Blocked.Should().Equal(Host);
        await PassMinutes(running, 1);

        await running.Firewall.UntilBlocked();
        running.Events.Entries.Should().ContainSingle(entry => entry.Id == 1052);
    }

    [Test]
    public async Task However_many_blocks_there_are_all_are_kept_with_their_new_ends_when_the_clock_is_set()
    {
        const int Many = 25_000;
        await LeaveAsync(
            [.. Enumerable.Range(0, Many).Select(i => BlockOf($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}/32", Start.AddHours(3)))]);
        await using var running = Run();
        await Eventually.IsTrue(() => running.Firewall.Starts == 1, "they are taken up");
        running.Time.Set(TimeSpan.FromDays(1));
        running.Engine.Explain(IPAddress.Parse(Host));

        await Pass(running, () => (_store.FindAsync(new() { OnlyCurrent = true, Limit = Many + 1 }).AsTask().Result is { Count: Many } kept)
            && kept.All(record => record.Block.Until >= Start.AddDays(1)));
        running.Engine.Blocks.Should().HaveCount(Many);
    }

    [Test]
    public async Task A_longer_window_keeps_offenses_for_longer()
    {
        await using var running = Run(options => options.KeepOffenses = TimeSpan.FromHours(1));
        running.Engine.KeepOffenses = TimeSpan.FromDays(7);
        await running.Log.WriteAsync(new LogText().Unknown(7, 1).End(7, Host));
        running.Time.Advance(TimeSpan.FromDays(2));
        await running.Log.WriteAsync(new LogText().Day("Nov 25").Unknown(8, 1).End(8, Host));

        running.Engine.Explain(IPAddress.Parse(Host)).Offenses.Should().HaveCount(2);
    }

    [Test]
    public async Task Offenses_that_wait_in_vain_are_not_kept()
    {
        await using var running = Run(options => options.MaxTransactions = 1);
        await running.Log.WriteAsync(new LogText().Unknown(7, 1));
        await Pass(running, () => Waiting() is [7]);

        await running.Log.WriteAsync(new LogText().Unknown(8, 1));

        await Pass(running, () => Waiting() is [8]);

        int[] Waiting() => [.. _store.LoadAsync(default).AsTask().Result.Waiting.Select(transaction => transaction.ProcessId)];
    }

    [Test]
    public async Task Who_sees_a_block_may_ask_for_a_wider_one()
    {
        var escalation = new Escalation();
        await using var running = Run(options => options.Observer = escalation);
        escalation.Engine = running.Engine;
        for (var i = 1; i < 100; i++)
            await running.Log.WriteAsync(new LogText().Unknown(i, 4).End(i, $"198.51.{i}.1"));

        await Task.WhenAll(escalation.Asked).WaitAsync(TimeSpan.FromSeconds(30));
        running.Engine.Blocks.Should().HaveCount(2 * 99);
    }

    [Test]
    public async Task A_block_that_is_asked_for_while_no_engine_runs_keeps_nobody_waiting()
    {
        var firewall = new MemoryFirewall();
        using var stop = new CancellationTokenSource();
        var engine = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), firewall, null, new() { Store = _store });
        await engine.BlockAsync(IPNetwork.Parse($"{Host}/32"), TimeSpan.FromHours(1), "early").WaitAsync(TimeSpan.FromSeconds(30));
        var run = engine.RunAsync(stop.Token);
        await firewall.UntilBlocked(Host);

        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(30));

        (await engine.ReleaseAsync(IPNetwork.Parse($"{Host}/32")).WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        (await _store.FindAsync(new()))
            .Should().ContainSingle("the early one was kept, the late release was not").Which.ReleasedAt.Should().BeNull();
    }

    [Test]
    public async Task A_store_that_takes_its_time_keeps_nobody_blocked_at_the_stop()
    {
        var store = new GatedStore();
        await using var running = Run(options => options.Store = store);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
        store.Stick();
        await running.Log.WriteAsync(new LogText().Unknown(8, 4).End(8, Other));
        await running.Firewall.UntilBlocked(Host, Other);

        var stopping = running.DisposeAsync().AsTask();
        await Eventually.IsTrue(
            () =>
            {
                running.Time.Advance(TimeSpan.FromSeconds(0.1));
                return stopping.IsCompleted;
            },
            "it stops all the same");

        await stopping;
        running.Firewall.Blocked.Should().BeEmpty();
    }

    [Test]
    public async Task An_engine_that_is_stopped_while_it_takes_up_its_state_just_ends()
    {
        var (store, firewall) = (new GatedStore(), new MemoryFirewall());
        store.Close();
        using var stop = new CancellationTokenSource();
        var run = new DetectionEngine(new ScriptedLogSource(), new CountPolicy(), firewall, null, new() { Store = store }).RunAsync(
            stop.Token);

        await stop.CancelAsync();

        await run.WaitAsync(TimeSpan.FromSeconds(30));
        firewall.Starts.Should().Be(0);
    }

    [Test]
    public async Task A_block_for_ever_ends_when_nobody_lives_who_could_see_it()
    {
        await using var running = Run();

        var block = (await running.Engine.BlockAsync(IPNetwork.Parse($"{Host}/32"), TimeSpan.MaxValue, "for ever")).Block!;

        block.Until.Should().BeAfter(Start.AddYears(99));
        running.Time.Set(TimeSpan.FromDays(400));
        running.Engine.Explain(IPAddress.Parse(Host)).Block!.Until.Should().Be(block.Until.AddDays(400));
    }

    [Test]
    public async Task A_host_in_a_blocked_network_is_blocked_and_is_released_with_it()
    {
        await using var running = Run();
        await running.Engine.BlockAsync(IPNetwork.Parse("203.0.113.0/24"), TimeSpan.FromHours(9), "by hand");
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host).Unknown(8, 4).End(8, "2001:db8::1"));
        await running.Firewall.UntilBlocked("203.0.113.0", "2001:db8::1");

        (await running.Engine.ReleaseAsync(IPNetwork.Parse($"{Host}/32"))).Should().BeFalse();
        (await running.Engine.ReleaseAsync(IPNetwork.Parse("203.0.113.0/24"))).Should().BeTrue();

        await running.Firewall.UntilBlocked("2001:db8::1");
        await running.Log.WriteAsync(new LogText().Unknown(9, 3).End(9, Host));
        running.Engine.Blocks.Should().ContainSingle("what it did while it was blocked does not count");
    }

    [Test]
    public async Task A_block_by_hand_takes_the_place_of_another_and_ends_in_time()
    {
        await using var running = Run();
        await running.Engine.BlockAsync(IPNetwork.Parse($"{Host}/32"), TimeSpan.FromHours(9), "for long");
        await running.Engine.BlockAsync(IPNetwork.Parse($"::ffff:{Host}/128"), TimeSpan.FromMinutes(5), "not for so long");
        running.Engine.Blocks.Should().ContainSingle().Which.Reason.Should().Be("not for so long");

        running.Time.Advance(TimeSpan.FromMinutes(5));

        await running.Firewall.UntilBlocked();
    }

    [Test]
    public async Task A_longer_block_stays_if_that_is_wished_and_a_new_one_keeps_what_it_was_based_on()
    {
        await using var running = new RunningEngine(options => options.KeepRecipients = true);
        await running.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, Host));
        await running.Firewall.UntilBlocked(Host);
        var network = IPNetwork.Parse($"{Host}/32");
        var former = running.Engine.Blocks.Single();

        var kept = await running.Engine.BlockAtLeastAsync(network, TimeSpan.FromMinutes(1), "by hand");
        (kept.IsBlocked, kept.IsKept, kept.Block).Should().Be((true, true, former));
        var longer = await running.Engine.BlockAtLeastAsync(network, TimeSpan.FromDays(5), "by hand");

        (longer.IsKept, longer.Block!.Reason, longer.Block.Offenses, longer.Block.IsForGood).Should().Be((false, "by hand", 4, false));
        longer.Block.Evidence.Should().BeSameAs(former.Evidence).And.NotBeNull();
        (await running.Engine.BlockAsync(network, TimeSpan.MaxValue, "for good")).Block!.IsForGood.Should().BeTrue();
    }

    [Test]
    public async Task Whom_the_white_list_trusts_to_a_day_is_blocked_after_it()
    {
        await using var running = new RunningEngine(options =>
            options.WhiteList = WhiteList.Parse(new StringReader("203.0.113.0/24 until 2026-11-23"), "white"));
        var network = IPNetwork.Parse($"{Host}/32");
        (await running.Engine.BlockAsync(network, TimeSpan.FromHours(1), "by hand")).Refusal.Should().Be("white-listed by 203.0.113.0/24");

        running.Time.Advance(TimeSpan.FromHours(6));

        (await running.Engine.BlockAsync(network, TimeSpan.FromHours(1), "by hand")).IsBlocked.Should().BeTrue();
        running.Engine.Status.TrustedNetworks.Should().Be(0);
    }

    [TestCase("10.0.0.0/8", "white-listed by 10.1.0.0/16")]
    [TestCase("10.1.2.3/32", "white-listed by 10.1.0.0/16")]
    [TestCase("0.0.0.0/0", "white-listed by 10.1.0.0/16")]
    [TestCase("127.0.0.0/8", "the mail server itself is in it")]
    [TestCase("192.0.2.0/24", "the mail server itself is in it")]
    public async Task A_block_by_hand_of_whom_we_trust_is_refused(string network, string refusal)
    {
        await using var running = Run(options =>
        {
            options.WhiteList = new WhiteList([IPNetwork.Parse("10.1.0.0/16")]);
            options.OwnAddresses = [IPAddress.Parse("192.0.2.25")];
        });
        (await running.Engine.BlockAsync(IPNetwork.Parse(network), TimeSpan.FromHours(1), "by hand"))
            .Should().Be(new BlockOutcome(null, refusal));
    }

    private RunningEngine Run(
        Action<DetectionEngineOptions>? configure = null, TimeSpan later = default, IOffenderPolicy? policy = null) => new(
        options =>
        {
            options.Store = _store;
            options.KeepRecipients = true;
            configure?.Invoke(options);
        },
        later,
        policy);

    private static Offense OffenseOf(string name, ulong transaction) =>
        new Offense(IPAddress.Parse(Host), Start, OffenseKind.UnknownRecipient) { Transaction = transaction }
            .WithRecipient(Encoding.ASCII.GetBytes(name));

    private async Task LeaveAsync(params Block[] blocks) =>
        await _store.CommitAsync(new() { Time = Start, Blocks = [.. blocks.Select(block => new BlockRecord(block))] }, default);

    private static Block BlockOf(string network, DateTimeOffset until) =>
        new(IPNetwork.Parse(network), Start.AddHours(-1), until, 4, "a test");

    /// <summary>Lets time pass until something has come of it.</summary>
    private static Task Pass(RunningEngine running, Func<bool> until) => Eventually.IsTrue(
        () =>
        {
            running.Time.Advance(TimeSpan.FromSeconds(1));
            return until();
        },
        "it comes with time");

    private static async Task PassMinutes(RunningEngine running, int minutes)
    {
        for (; minutes > 0; minutes--)
        {
            running.Time.Advance(TimeSpan.FromMinutes(1));
            // Else minutes might pass each time that the engine reads both clocks, which looks like one that is set.
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Blocks the whole network of whoever is blocked.</summary>
    private sealed class Escalation : IEngineObserver
    {
        public DetectionEngine? Engine { get; set; }

        public List<Task> Asked { get; } = [];

        public void OnBlocked(Block block)
        {
            if (block.Offenses > 0)
                Asked.Add(Engine!.BlockAsync(
                    IPNetwork.Parse($"{block.Network.BaseAddress}/24".Replace(".1/", ".0/", StringComparison.Ordinal)),
                    TimeSpan.FromHours(9),
                    "all of it"));
        }
    }

    private sealed class TakenStore : IBlockStore
    {
        public ValueTask<StoredState> LoadAsync(CancellationToken cancellationToken) =>
            throw new BlockStoreException("taken") { IsInUse = true };

        public ValueTask CommitAsync(StateChange change, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("never loaded");
    }
}
