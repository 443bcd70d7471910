using System.Net;
using NUnit.Framework;

namespace BlockSmtp.Testing;

/// <summary>
/// What every fleet must do. Derive from it, hand in your fleet, and run it. Each test has a fleet of its own, with hosts that join it;
/// nothing is asserted of how long a word takes.
/// </summary>
public abstract class FleetConformance
{
    private readonly List<IFleet> _joined = [];

    /// <summary>Makes a fleet that nobody has joined, before each test.</summary>
    /// <returns>A task that ends when it is there.</returns>
    protected abstract Task SetUpFleetAsync();

    /// <summary>Has a host join the fleet.</summary>
    /// <param name="node">Its name; in one test the same comes twice, as of a host that has been started again.</param>
    /// <returns>The fleet as the host has it.</returns>
    protected abstract IFleet Join(string node);

    /// <summary>Takes the fleet away after each test, when all that has joined and can be disposed of was.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    protected virtual Task TearDownFleetAsync() => Task.CompletedTask;

    /// <summary>Makes the fleet.</summary>
    /// <returns>A task that ends when it is there.</returns>
    [SetUp]
    public Task BeginAsync() => SetUpFleetAsync();

    /// <summary>Takes the fleet away.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    [TearDown]
    public async Task EndAsync()
    {
        foreach (var fleet in _joined)
            await LeaveAsync(fleet);
        _joined.Clear();
        await TearDownFleetAsync();
    }

    /// <summary>A block is heard by all others, with why and how much is left of it.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_block_reaches_all_others()
    {
        var (one, two, three) = (Joined("mx1"), Joined("mx2"), Joined("mx3"));
        await using var second = new FleetListener(two);
        await using var third = new FleetListener(three);
        one.Announce(Block("192.0.2.1/32") with { Offenses = 4, Reason = "4 wrong names, \"quoted\" <and> with 100 % of é" });
        foreach (var listener in new[] { second, third })
        {
            var word = await listener.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
            Assert.That(word.Node, Is.EqualTo("mx1"));
            Assert.That(word.Offenses, Is.EqualTo(4));
            Assert.That(word.Reason, Is.EqualTo("4 wrong names, \"quoted\" <and> with 100 % of é"));
            Assert.That(word.Left, Is.GreaterThan(TimeSpan.FromMinutes(50)).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        }
    }

    /// <summary>Networks of both families are what they were.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Networks_of_both_families_arrive_as_they_are()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        foreach (var network in new[] { "192.0.2.0/24", "2001:db8::/64", "2001:db8::1/128" })
        {
            one.Announce(Block(network));
            await second.UntilAsync(FleetWordKind.Block, network);
        }
    }

    /// <summary>Nobody hears what he has said himself.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Nobody_hears_his_own_words()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var first = new FleetListener(one);
        await using var second = new FleetListener(two);
        one.Announce(Block("192.0.2.1/32"));
        await second.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
        two.Announce(Block("192.0.2.2/32"));
        await first.UntilAsync(FleetWordKind.Block, "192.0.2.2/32");
        Assert.That(first.Heard.Select(word => word.Node), Is.All.EqualTo("mx2"));
        Assert.That(second.Heard.Select(word => word.Node), Is.All.EqualTo("mx1"));
    }

    /// <summary>Who joins hears what is in force, and not what is over.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Who_joins_hears_what_is_in_force()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        for (var host = 1; host <= 20; host++)
            one.Announce(Block($"192.0.2.{host}/32"));
        one.Announce(Release("192.0.2.7/32"));
        one.Announce(Block("192.0.2.99/32"));
        await second.UntilAsync(FleetWordKind.Block, "192.0.2.99/32");

        await using var third = new FleetListener(Joined("mx3"));
        await third.UntilAsync(FleetWordKind.Block, "192.0.2.99/32");
        Assert.That(
            Blocked(third),
            Is.EquivalentTo(Enumerable.Range(1, 20).Where(host => host != 7).Append(99).Select(host => $"192.0.2.{host}/32")));
    }

    /// <summary>Who listens again hears again what is in force: his engine may have been started anew.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Who_listens_again_hears_again_what_is_in_force()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using (var before = new FleetListener(two))
        {
            one.Announce(Block("192.0.2.1/32"));
            await before.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
        }

        await using var after = new FleetListener(two);
        await after.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
    }

    /// <summary>A release follows the block that it ends.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_release_follows_its_block()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        one.Announce(Block("192.0.2.1/32"));
        await second.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
        one.Announce(Release("192.0.2.1/32") with { IsUnfounded = true });
        var word = await second.UntilAsync(FleetWordKind.Release, "192.0.2.1/32");
        Assert.That(word.IsUnfounded, Is.True);
        Assert.That(Blocked(second), Is.Empty);
    }

    /// <summary>Anybody may release what another has blocked; who joins later does not hear of it as blocked.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Anybody_may_release()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var first = new FleetListener(one);
        await using var second = new FleetListener(two);
        one.Announce(Block("192.0.2.1/32"));
        await second.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
        two.Announce(Release("192.0.2.1/32"));
        await first.UntilAsync(FleetWordKind.Release, "192.0.2.1/32");
        two.Announce(Block("192.0.2.2/32"));
        await using var third = new FleetListener(Joined("mx3"));
        await third.UntilAsync(FleetWordKind.Block, "192.0.2.2/32");
        Assert.That(Blocked(third), Is.EqualTo(["192.0.2.2/32"]));
    }

    /// <summary>Facts come in order, each once, and whole.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Facts_come_in_order_each_once_and_whole()
    {
        const int Count = 1000;
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        await HeardAsync(one, second);
        for (ulong number = 1; number <= Count; number++)
            one.Announce(Offense("192.0.2.1", number));
        one.Announce(Fact(FleetWordKind.Delivery, "2001:db8::1"));
        one.Announce(
            Fact(FleetWordKind.End, "192.0.2.1") with { Transaction = 7, Recipients = 3, IsTaken = true, Sender = SenderKind.Named });

        var heard = await second.UntilAsync(words => words.Any(word => word.Kind == FleetWordKind.End));
        var offenses = heard.Where(word => word.Kind == FleetWordKind.Offense).ToArray();
        Assert.That(offenses.Select(word => word.Transaction), Is.EqualTo(Enumerable.Range(1, Count).Select(number => (ulong)number)));
        Assert.That(offenses[41], Is.EqualTo(Offense("192.0.2.1", 42) with { Node = "mx1", Age = offenses[41].Age }));
        Assert.That(heard.Single(word => word.Kind == FleetWordKind.Delivery).Network.ToString(), Is.EqualTo("2001:db8::1/128"));
        var end = heard.Single(word => word.Kind == FleetWordKind.End);
        Assert.That(end, Is.EqualTo(Fact(FleetWordKind.End, "192.0.2.1") with
        {
            Node = "mx1",
            Age = end.Age,
            Transaction = 7,
            Recipients = 3,
            IsTaken = true,
            Sender = SenderKind.Named,
        }));
    }

    /// <summary>A fact comes before the block that was made of it.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Facts_are_counted_once_by_who_joins_later()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        await HeardAsync(one, second);
        one.Announce(Offense("192.0.2.1", 1));
        await second.UntilAsync(words => words.Any(word => word.Kind == FleetWordKind.Offense));

        // Who has not been there has not been told; it is not told of the past either, which it may have counted in an earlier run.
        await using var third = new FleetListener(Joined("mx3"));
        await third.UntilAsync(FleetWordKind.Block, "198.51.100.1/32");
        one.Announce(Offense("192.0.2.1", 2));
        var heard = await third.UntilAsync(words => words.Any(word => word.Transaction == 2));
        Assert.That(heard.Where(word => word.Kind == FleetWordKind.Offense).Select(word => word.Transaction), Is.EqualTo([2UL]));
    }

    /// <summary>A host that was started again under its name hears what others have blocked.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task A_host_that_was_started_again_hears_what_others_have_blocked()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using (var before = new FleetListener(two))
        {
            one.Announce(Block("192.0.2.1/32"));
            await before.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
        }

        await LeaveAsync(two);
        await using var after = new FleetListener(Joined("mx2"));
        await after.UntilAsync(FleetWordKind.Block, "192.0.2.1/32");
    }

    /// <summary>Listening ends with its token.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task Listening_ends_with_its_token()
    {
        var fleet = Joined("mx1");
        using var stop = new CancellationTokenSource();
        var listening = Task.Run(async () =>
        {
            await foreach (var words in fleet.ListenAsync(stop.Token))
                Assert.That(words, Is.Not.Empty);
        });
        await Task.Delay(50);
        await stop.CancelAsync();
        await listening.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(listening.IsCompleted, Is.True);
    }

    /// <summary>The status says who it is and what was said.</summary>
    /// <returns>A task that ends with the test.</returns>
    [Test]
    public async Task The_status_says_who_it_is_and_what_was_said()
    {
        var (one, two) = (Joined("mx1"), Joined("mx2"));
        await using var second = new FleetListener(two);
        await HeardAsync(one, second);
        await UntilAsync(() => one.Status.Waiting == 0, "nothing waits to be said");
        Assert.That(one.Status.Node, Is.EqualTo("mx1"));
        Assert.That(one.Status.IsConnected, Is.True, one.Status.Problem);
        Assert.That(one.Status.Said, Is.EqualTo(1));
        Assert.That(two.Status.Heard, Is.EqualTo(1));
    }

    /// <summary>Waits until something holds.</summary>
    /// <param name="condition">What.</param>
    /// <param name="what">What it is, in words.</param>
    /// <returns>A task that ends then, and fails after half a minute.</returns>
    protected static async Task UntilAsync(Func<bool> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        for (var start = Environment.TickCount64; !condition(); await Task.Delay(5))
        {
            if (Environment.TickCount64 - start > 30_000)
                Assert.Fail($"it does not come to pass that {what}");
        }
    }

    /// <summary>Joins a host that leaves after the test.</summary>
    private protected IFleet Joined(string node)
    {
        var fleet = Join(node);
        _joined.Add(fleet);
        return fleet;
    }

    private protected static async Task LeaveAsync(IFleet fleet)
    {
        if (fleet is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (fleet as IDisposable)?.Dispose();
    }

    /// <summary>Has somebody hear a block, so that both are known to be there.</summary>
    private protected static async Task HeardAsync(IFleet from, FleetListener listener)
    {
        from.Announce(Block("198.51.100.1/32"));
        await listener.UntilAsync(FleetWordKind.Block, "198.51.100.1/32");
    }

    private protected static FleetWord Block(string network) =>
        new("", FleetWordKind.Block, IPNetwork.Parse(network)) { Left = TimeSpan.FromHours(1), Offenses = 4, Reason = "guesses" };

    private protected static FleetWord Release(string network) => new("", FleetWordKind.Release, IPNetwork.Parse(network));

    private protected static FleetWord Fact(FleetWordKind kind, string host)
    {
        var address = IPAddress.Parse(host);
        return new FleetWord("", kind, new IPNetwork(address, address.GetAddressBytes().Length * 8));
    }

    private protected static FleetWord Offense(string host, ulong transaction) => Fact(FleetWordKind.Offense, host) with
    {
        OffenseKind = (OffenseKind)(transaction % (ulong)Enum.GetValues<OffenseKind>().Length),
        Recipient = "\"no one\"@example.org",
        Transaction = transaction,
        Sender = SenderKind.Null,
    };

    private protected static IReadOnlyList<string> Blocked(FleetListener listener)
    {
        var blocked = new HashSet<string>();
        foreach (var word in listener.Heard)
        {
            if (word.Kind == FleetWordKind.Block)
                blocked.Add(word.Network.ToString());
            else if (word.Kind == FleetWordKind.Release)
                blocked.Remove(word.Network.ToString());
        }

        return [.. blocked];
    }
}
