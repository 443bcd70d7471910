using System.Net;
using BlockSmtp.Policies;
using BlockSmtp.Testing;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Sharing;

/// <summary>Engines with one memory: what each of them makes of what the others say.</summary>
[TestFixture]
public sealed class FleetEngineTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("203.0.113.20");

    private readonly List<RunningEngine> _engines = [];
    private MemoryFleet _fleet = null!;
    private RunningEngine _one = null!;
    private RunningEngine _two = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _fleet = new MemoryFleet();
        _one = await JoinAsync("mx1");
        _two = await JoinAsync("mx2");
    }

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var engine in _engines)
            await engine.DisposeAsync();
        _engines.Clear();
    }

    [Test]
    public async Task A_block_is_in_force_everywhere_with_its_time_its_reason_and_who_said_so()
    {
        await _one.Engine.BlockAsync(Network("203.0.113.20/32"), TimeSpan.FromHours(2), "by hand");
        await _two.Firewall.UntilBlocked("203.0.113.20");
        var block = _two.Engine.Blocks.Single();
        block.Node.Should().Be("mx1");
        block.Origin.Should().Be(BlockOrigin.Elsewhere);
        block.Reason.Should().Be("by hand");
        (block.Until - block.Since).Should().BeCloseTo(TimeSpan.FromHours(2), TimeSpan.FromMinutes(1));
        Report(_two).Blocks.Should().Be(1);
    }

    [Test]
    public async Task Two_guesses_here_and_two_there_are_four()
    {
        Guess(_one, 2);
        Guess(_two, 1);
        await Heard(_two, 2);
        _two.Engine.Blocks.Should().BeEmpty();
        Guess(_two, 1);
        await _one.Firewall.UntilBlocked("203.0.113.20");
        await _two.Firewall.UntilBlocked("203.0.113.20");
        _two.Engine.Blocks.Single().Node.Should().BeNull("the last guess was seen here");
        _two.Engine.Blocks.Single().Reason.Should().EndWith("; some of it seen by mx1");
        _one.Engine.Blocks.Single().Node.Should().Be("mx2");
        _one.Engine.Explain(Guesser).Block!.Offenses.Should().Be(4);
    }

    [Test]
    public async Task What_came_from_another_host_is_never_said_again()
    {
        var third = await JoinAsync("mx3");
        await using var listener = new Ear(_fleet.Join("listener"));
        await listener.Until(0);
        Guess(_one, 3);
        await Heard(_two, 3);
        await Heard(third, 3);
        Guess(_one, 1);
        await _two.Firewall.UntilBlocked("203.0.113.20");
        await third.Firewall.UntilBlocked("203.0.113.20");
        await _two.Engine.BlockAsync(Network("203.0.113.99/32"), TimeSpan.FromHours(1), "the last word");
        var words = await listener.Until(word => word.Reason == "the last word");
        words.Where(word => word.Kind == FleetWordKind.Offense).Should().HaveCount(4).And.OnlyContain(word => word.Node == "mx1");
        words.Where(word => word.Kind == FleetWordKind.Block).Select(word => word.Node).Should().Equal("mx1", "mx2");
    }

    [Test]
    public async Task The_same_name_on_two_hosts_is_one_name()
    {
        var options = new BalancePolicyOptions();
        var (three, four) = (
            await JoinAsync("mx3", policy: new BalancePolicy(options)), await JoinAsync("mx4", policy: new BalancePolicy(options)));
        foreach (var engine in new[] { three, four })
        {
            for (var i = 0; i < 3; i++)
                engine.Engine.Report(Offense(engine, "anna"));
        }

        await Heard(three, 3);
        await Heard(four, 3);
        three.Engine.Blocks.Should().BeEmpty();
        three.Engine.Report(Offense(three, "bob"));
        four.Engine.Report(Offense(four, "carol"));
        await Heard(three, 4);
        three.Engine.Blocks.Should().BeEmpty("these are three names");
        four.Engine.Report(Offense(four, "dave"));
        await three.Firewall.UntilBlocked("203.0.113.20");
        await four.Firewall.UntilBlocked("203.0.113.20");
    }

    [Test]
    public async Task Who_delivers_here_is_judged_here_alone()
    {
        var (three, four) = (await JoinAsync("mx3", policy: new BalancePolicy()), await JoinAsync("mx4", policy: new BalancePolicy()));
        await using var listener = new Ear(_fleet.Join("listener"));
        await listener.Until(0);
        for (ulong recipient = 1; recipient <= 100; recipient++)
        {
            three.Engine.Report(new Acceptance(Guesser, three.Time.GetUtcNow(), 1)
            {
                Kind = AcceptanceKind.Delivery,
                RecipientKey = recipient,
                Source = PeerSource.LaterLine,
            });
        }

        for (var i = 0; i < 20; i++)
            three.Engine.Report(Offense(three, $"typo{i}"));
        await three.Engine.BlockAsync(Network("203.0.113.99/32"), TimeSpan.FromHours(1), "the last word");
        await four.Firewall.UntilBlocked("203.0.113.99");
        var words = await listener.Until(word => word.Reason == "the last word");
        words.Where(word => word.IsFact).Select(word => word.Kind)
            .Should().Equal([FleetWordKind.Delivery], "that it delivers is said once, and what it does wrong is not");
        four.Engine.Blocks.Should().HaveCount(1);
    }

    [Test]
    public async Task A_release_by_hand_releases_everywhere()
    {
        await _one.Engine.BlockAsync(Network("203.0.113.20/32"), TimeSpan.FromHours(1), "by hand");
        await _two.Firewall.UntilBlocked("203.0.113.20");
        (await _two.Engine.ReleaseAsync(Network("203.0.113.20/32"))).Should().BeTrue();
        await _one.Firewall.UntilBlocked();
        _one.Seen.Lines.Should().Contain(line => line.EndsWith("unblock 203.0.113.20 Elsewhere", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_block_from_elsewhere_never_shortens_ones_own()
    {
        _fleet.IsAway = true;
        await _one.Engine.BlockAsync(Network("203.0.113.20/32"), TimeSpan.FromHours(5), "long");
        await _two.Engine.BlockAsync(Network("203.0.113.20/32"), TimeSpan.FromHours(1), "short");
        var until = _one.Engine.Blocks.Single().Until;
        _fleet.IsAway = false;
        await Eventually.IsTrue(() => _two.Engine.Blocks.Single().Reason == "long", "the longer one is in force", TimeSpan.FromSeconds(30));
        await Eventually.IsTrue(() => Report(_one).Fleet.Heard > 0, "the shorter one was heard", TimeSpan.FromSeconds(30));
        await _two.Engine.BlockAsync(Network("203.0.113.99/32"), TimeSpan.FromHours(1), "the last word");
        await _one.Firewall.UntilBlocked("203.0.113.20", "203.0.113.99");
        _one.Engine.Blocks.Single(block => block.Reason == "long").Until.Should().Be(until);
    }

    [Test]
    public async Task Whom_this_host_trusts_is_not_blocked_on_anybodys_word()
    {
        var third = await JoinAsync("mx3", options =>
        {
            options.WhiteList = WhiteList.Parse(new StringReader("198.51.100.0/24\n"), "white");
            options.OwnAddresses = [IPAddress.Parse("192.0.2.25")];
        });
        string[] wishes = ["198.51.100.7/32", "192.0.2.0/24", "127.0.0.1/32", "203.0.113.0/24"];
        foreach (var network in wishes)
            Say("evil", new FleetWord("", FleetWordKind.Block, Network(network)) { Left = TimeSpan.FromHours(1), Reason = "evil" });
        await third.Firewall.UntilBlocked("203.0.113.0");
        Report(third).Trusted.Should().Be(3);
        third.Engine.UpdateWhiteList(WhiteList.Parse(new StringReader("203.0.113.0/24\n"), "white"));
        await third.Firewall.UntilBlocked();
        _two.Engine.Blocks.Should().HaveCount(3, "trusting is each host's own matter, and the two others go on");
    }

    [Test]
    public async Task What_is_beyond_the_limits_is_cut_or_refused_and_counted()
    {
        var third = await JoinAsync("mx3", options => options.FleetLimits = new FleetLimits { MaxBlocks = 3 });
        (string Network, TimeSpan Left)[] wishes =
        [
            ("203.0.0.0/23", TimeSpan.FromHours(1)), ("2001:db8::/47", TimeSpan.FromHours(1)), ("0.0.0.0/0", TimeSpan.MaxValue),
            ("::/0", TimeSpan.FromHours(1)), ("203.0.113.1/32", TimeSpan.MaxValue), ("203.0.113.2/32", TimeSpan.Zero),
            ("203.0.113.3/32", TimeSpan.MinValue), ("2001:db8::/48", TimeSpan.FromHours(1)), ("203.0.113.0/24", TimeSpan.FromHours(30)),
            ("203.0.114.4/32", TimeSpan.FromHours(1)),
        ];
        foreach (var (network, left) in wishes)
            Say("evil", new FleetWord("", FleetWordKind.Block, Network(network)) { Left = left, Reason = "evil\e[2J\r\n", Offenses = -1 });
        Say("evil", new FleetWord("", (FleetWordKind)77, Network("203.0.113.5/32")));
        Say("evil", new FleetWord("", FleetWordKind.Offense, Network("203.0.113.0/24")));
        Say("no name", new FleetWord("", FleetWordKind.Block, Network("203.0.113.6/32")) { Left = TimeSpan.FromHours(1) });
        await Eventually.IsTrue(() => Report(third).Improper == 3, "all were heard", TimeSpan.FromSeconds(30));
        var report = Report(third);
        report.TooWide.Should().Be(4);
        report.TooMany.Should().Be(1);
        third.Engine.Blocks.Should().HaveCount(3).And.OnlyContain(block =>
            block.Until - block.Since <= TimeSpan.FromDays(1) && block.Reason == "evil?[2J??" && block.Offenses == 0);
    }

    [Test]
    public async Task Facts_of_any_age_do_no_harm()
    {
        foreach (var age in new[] { TimeSpan.MinValue, TimeSpan.FromDays(-1), TimeSpan.FromDays(400), TimeSpan.MaxValue })
        {
            Say("evil", new FleetWord("", FleetWordKind.Offense, Network("203.0.113.20/32")) { Age = age });
            Say("evil", new FleetWord("", FleetWordKind.Release, Network("203.0.113.20/32")) { Age = age });
            Say("evil", new FleetWord("", FleetWordKind.End, Network("203.0.113.20/32"))
            {
                Age = age,
                Recipients = int.MinValue,
                Transaction = ulong.MaxValue,
            });
        }

        Say("evil", new FleetWord("", FleetWordKind.Block, Network("203.0.113.99/32")) { Left = TimeSpan.FromHours(1) });
        await _two.Firewall.UntilBlocked("203.0.113.99");
        Report(_two).Improper.Should().Be(0);
        _two.Engine.Explain(Guesser).Offenses.Should().OnlyContain(offense => offense.Time <= _two.Time.GetUtcNow());
    }

    [Test]
    public async Task What_was_blocked_after_a_release_was_said_stays_blocked()
    {
        await _two.Engine.BlockAsync(Network("203.0.113.20/32"), TimeSpan.FromHours(1), "anew");
        Say("mx9", new FleetWord("", FleetWordKind.Release, Network("203.0.113.20/32")) { Age = TimeSpan.FromMinutes(5) });
        await _one.Engine.BlockAsync(Network("203.0.113.99/32"), TimeSpan.FromHours(1), "the last word");
        await _two.Firewall.UntilBlocked("203.0.113.20", "203.0.113.99");
    }

    [Test]
    public async Task A_block_and_its_release_that_are_both_heard_long_after_they_were_said_come_to_nothing()
    {
        FleetWord Said(FleetWordKind kind, string network, int secondsAgo) =>
            new("", kind, Network(network)) { Age = TimeSpan.FromSeconds(secondsAgo), Left = TimeSpan.FromHours(1) };
        Say("mx9", Said(FleetWordKind.Block, "203.0.113.20/32", 90));
        Say("mx9", Said(FleetWordKind.Block, "203.0.113.21/32", 30));
        Say("mx9", Said(FleetWordKind.Release, "203.0.113.20/32", 60));
        Say("mx9", Said(FleetWordKind.Release, "203.0.113.21/32", 60));
        await _one.Engine.BlockAsync(Network("203.0.113.99/32"), TimeSpan.FromHours(1), "the last word");
        await _two.Firewall.UntilBlocked("203.0.113.21", "203.0.113.99");
        _two.Engine.Explain(Guesser).Block.Should().BeNull();
    }

    [Test]
    public async Task Who_joins_takes_over_what_is_in_force_in_few_batches()
    {
        for (var i = 0; i < 500; i++)
            await _one.Engine.BlockAsync(Network($"198.51.{i / 250}.{i % 250}/32"), TimeSpan.FromHours(1), "by hand");
        var third = await JoinAsync("mx3");
        await Eventually.IsTrue(() => third.Firewall.Blocked.Count == 500, "all are blocked", TimeSpan.FromSeconds(30));
        third.Firewall.Applies.Should().BeLessThan(100);
    }

    [Test]
    public async Task After_a_restart_what_came_from_elsewhere_is_not_said_as_ones_own()
    {
        var store = new MemoryBlockStore();
        var third = await JoinAsync("mx3", options => options.Store = store);
        await _one.Engine.BlockAsync(Network("203.0.113.20/32"), TimeSpan.FromHours(1), "theirs");
        await third.Firewall.UntilBlocked("203.0.113.20");
        await third.Engine.BlockAsync(Network("203.0.113.21/32"), TimeSpan.FromHours(1), "ours");
        await third.DisposeAsync();

        _fleet.Wipe();
        var anew = new MemoryFleet();
        await using var listener = new Ear(anew.Join("listener"));
        await listener.Until(0);
        var fourth = Keep(new RunningEngine(options =>
        {
            options.Store = store;
            options.Fleet = anew.Join("mx3");
        }));
        await fourth.Firewall.UntilBlocked("203.0.113.20", "203.0.113.21");
        await fourth.Engine.BlockAsync(Network("203.0.113.99/32"), TimeSpan.FromHours(1), "the last word");
        var words = await listener.Until(word => word.Reason == "the last word");
        words.Select(word => word.Reason).Should().Equal("ours", "the last word");
        fourth.Engine.Explain(Guesser).Block!.Node.Should().Be("mx1");
    }

    [Test]
    public async Task An_engine_goes_on_without_a_fleet_that_only_throws()
    {
        var engine = Keep(new RunningEngine(options => options.Fleet = new Broken()));
        Guess(engine, 4);
        await engine.Firewall.UntilBlocked("203.0.113.20");
    }

    private async Task<RunningEngine> JoinAsync(
        string node, Action<DetectionEngineOptions>? configure = null, IOffenderPolicy? policy = null)
    {
        var fleet = _fleet.Join(node);
        var engine = Keep(new RunningEngine(
            options =>
            {
                options.Fleet = fleet;
                configure?.Invoke(options);
            },
            policy: policy));
        // Listening, so that no fact is missed.
        var probe = _fleet.Join("probe");
        await Eventually.IsTrue(
            () =>
            {
                probe.Announce(new FleetWord("", FleetWordKind.End, Network("192.0.2.250/32")));
                return Report(engine).Facts > 0;
            },
            "it listens", TimeSpan.FromSeconds(30));
        return engine;
    }

    private RunningEngine Keep(RunningEngine engine)
    {
        _engines.Add(engine);
        return engine;
    }

    private static FleetReport Report(RunningEngine engine) => engine.Engine.Status.Fleet!;

    /// <summary>Waits until an engine has counted so many offenses of others.</summary>
    private static Task Heard(RunningEngine engine, int offenses) => Eventually.IsTrue(
        () => engine.Engine.Explain(Guesser).Offenses.Count(offense => offense.Node is not null) >= offenses,
        $"{offenses} are heard",
        TimeSpan.FromSeconds(30));

    private static void Guess(RunningEngine engine, int count)
    {
        for (var i = 0; i < count; i++)
            engine.Engine.Report(Offense(engine, null));
    }

    private static Offense Offense(RunningEngine engine, string? name) =>
        new(Guesser, engine.Time.GetUtcNow(), OffenseKind.UnknownRecipient) { Source = PeerSource.SameLine, Recipient = name };

    private static IPNetwork Network(string text) => IPNetwork.Parse(text);

    private void Say(string node, FleetWord word) => _fleet.Join(node).Announce(word);

    private sealed class Broken : IFleet
    {
        public FleetStatus Status => new();

        public void Announce(FleetWord word) => throw new InvalidOperationException("broken");

        public IAsyncEnumerable<IReadOnlyList<FleetWord>> ListenAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("broken");
    }

    private sealed class Ear : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<FleetWord> _words = [];
        private readonly Task _listening;
        private bool _isListening;

        public Ear(IFleet fleet) => _listening = ListenAsync(fleet);

        public async Task Until(int count) =>
            await Eventually.IsTrue(() => Volatile.Read(ref _isListening) && Words.Count >= count, "it listens", TimeSpan.FromSeconds(30));

        public async Task<IReadOnlyList<FleetWord>> Until(Func<FleetWord, bool> isThere)
        {
            await Eventually.IsTrue(() => Words.Any(isThere), "it was heard", TimeSpan.FromSeconds(30));
            return [.. Words.Where(word => word.Network.ToString() != "192.0.2.250/32")];
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }

        private List<FleetWord> Words
        {
            get
            {
                lock (_words)
                    return [.. _words];
            }
        }

        private async Task ListenAsync(IFleet fleet)
        {
            var listening = fleet.ListenAsync(_stop.Token).GetAsyncEnumerator();
            while (true)
            {
                var next = listening.MoveNextAsync();
                Volatile.Write(ref _isListening, true);
                if (!await next)
                    return;
                lock (_words)
                    _words.AddRange(listening.Current);
            }
        }
    }
}
