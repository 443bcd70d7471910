using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BlockSmtp.Fleet;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;
using BlockSmtp.Tests.Logs;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Sharing;

/// <summary>What a server can do to a fleet, tried with a real one.</summary>
[TestFixture]
public sealed class RedisFleetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<RedisFleet> _joined = [];
    private RedisServer _server = null!;

    [SetUp]
    public void Start() => _server = new RedisServer();

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var fleet in _joined)
            await fleet.DisposeAsync();
        _joined.Clear();
        _server?.Dispose();
    }

    [Test]
    public async Task A_server_that_hangs_delays_nobody_and_nothing_is_lost_or_told_twice()
    {
        var (one, two) = (Join("mx1"), Join("mx2"));
        var heard = Hear(two);
        await Joined(one, two);
        _server.Hang();
        var start = Environment.TickCount64;
        for (ulong number = 1; number <= 200; number++)
            one.Announce(Fact(number));
        one.Announce(Block("192.0.2.1/32"));
        (Environment.TickCount64 - start).Should().BeLessThan(10_000, "nobody waits for the server");
        await Eventually.IsTrue(() => !one.Status.IsConnected, "the hung server is noticed", Patience);
        one.Status.Problem.Should().NotBeNull();
        _server.GoOn();
        await Eventually.IsTrue(() => heard.Any(word => word.Kind == FleetWordKind.Block), "the block is heard", Patience);
        await Eventually.IsTrue(() => heard.Count(word => word.IsFact) >= 200, "the facts are heard", Patience);
        await Eventually.IsTrue(() => one.Status is { Waiting: 0, IsConnected: true }, "all was said", Patience);
        one.Announce(Fact(201));
        await Eventually.IsTrue(() => heard.Any(word => word.Transaction == 201), "the last one is heard", Patience);
        heard.Where(word => word.IsFact).Select(word => word.Transaction)
            .Should().Equal(Enumerable.Range(1, 201).Select(number => (ulong)number));
    }

    [Test]
    public async Task Whose_connections_are_cut_again_and_again_misses_nothing()
    {
        var (one, two) = (Join("mx1"), Join("mx2"));
        var heard = Hear(two);
        await Joined(one, two);
        for (var i = 1; i <= 50; i++)
        {
            one.Announce(Block($"192.0.2.{i}/32"));
            one.Announce(Fact((ulong)i));
            if (i % 10 == 0)
                _server.Ask("CLIENT", "KILL", "SKIPME", "yes");
        }

        await Eventually.IsTrue(() => heard.Count(word => word.IsFact) >= 50, "all facts are heard", Patience);
        await Eventually.IsTrue(
            () => heard.Where(word => word.Kind == FleetWordKind.Block).Select(word => word.Network).Distinct().Count() >= 50,
            "all blocks are heard",
            Patience);
        heard.Where(word => word.IsFact).Select(word => word.Transaction)
            .Should().Equal(Enumerable.Range(1, 50).Select(number => (ulong)number));
    }

    [Test]
    public async Task Flushed_under_their_feet_all_is_said_again()
    {
        var (one, two) = (Join("mx1"), Join("mx2"));
        var (first, second) = (Hear(one), Hear(two));
        await Joined(one, two);
        one.Announce(Block("192.0.2.1/32"));
        two.Announce(Block("192.0.2.2/32"));
        await Eventually.IsTrue(() => first.Any(word => word.Network.ToString() == "192.0.2.2/32")
            && second.Any(word => word.Network.ToString() == "192.0.2.1/32"), "both are heard", Patience);
        _server.Ask("FLUSHALL");
        await Eventually.IsTrue(() => _server.Ask("XLEN", "blocksmtp:{mail}:blocks").Trim() == "2", "both are there again", Patience);
        _server.Ask("XRANGE", "blocksmtp:{mail}:blocks", "-", "+").Should().Contain("192.0.2.1/32").And.Contain("192.0.2.2/32");
        one.Announce(Fact(7));
        await Eventually.IsTrue(() => second.Any(word => word.Transaction == 7), "facts go on", Patience);
    }

    [Test]
    public async Task Entries_that_are_no_words_are_passed_over_and_counted()
    {
        var two = Join("mx2");
        var heard = Hear(two);
        await Eventually.IsTrue(() => two.Status.IsConnected, "it is connected", Patience);
        string[][] entries =
        [
            ["blocks", "x", "y"],
            ["blocks", "v", "1", "n", "evil", "o", "b", "net", "not a network", "for", "1000", "c", "1", "w", "x"],
            ["blocks", "v", "1", "n", "evil", "o", "b", "net", "192.0.2.1", "for", "-1", "c", "1", "w", "x"],
            ["blocks", "v", "1", "n", "evil", "o", "b", "net", "192.0.2.1", "for", "99999999999999999999999", "c", "1", "w", "x"],
            ["blocks", "v", "1", "n", new string('n', 65), "o", "b", "net", "192.0.2.1", "for", "1000", "c", "1", "w", "x"],
            ["blocks", "v", "2", "n", "evil", "o", "b", "net", "192.0.2.1", "for", "1000", "c", "1", "w", "x"],
            ["blocks", "v", "1", "n", "evil", "o", "x", "net", "192.0.2.1"],
            ["facts", "v", "1", "n", "evil", "r", "run", "s", "0", "f", "d 192.0.2.1 0"],
            ["facts", "v", "1", "n", "evil", "r", "run", "s", "9223372036854775807", "f", "d 192.0.2.1 0"],
            [
                "facts", "v", "1", "n", "evil", "r", "run", "s", "1", "f",
                "d 192.0.2.0/24 0\no 192.0.2.1 0 r u\ne 192.0.2.1 0 u zz 1 1\nd 192.0.2.1 -5\nnonsense"],
        ];
        foreach (var entry in entries)
            _server.Ask(["XADD", $"blocksmtp:{{mail}}:{entry[0]}", "*", .. entry[1..]]);
        _server.Ask(
            "XADD", "blocksmtp:{mail}:blocks", "*", "v", "1", "n", "mx9", "o", "b", "net", "2001:db8::/64", "for", "60000", "c", "4", "w",
            "a word");
        _server.Ask("XADD", "blocksmtp:{mail}:facts", "*", "v", "1", "n", "mx9", "r", "run", "s", "1", "f", "d 192.0.2.1 0");
        await Eventually.IsTrue(() => heard.Count >= 2, "the words are heard", Patience);
        await Eventually.IsTrue(() => two.Status.Improper == 14, "the others are counted", Patience);
        heard.Select(word => (word.Node, word.Kind))
            .Should().BeEquivalentTo([("mx9", FleetWordKind.Block), ("mx9", FleetWordKind.Delivery)]);
    }

    [Test]
    public async Task A_full_server_is_told_of_once_heard_all_the_same_and_told_all_when_it_has_room()
    {
        var log = new RecordedEvents();
        var (one, two) = (Join("mx1", logger: log), Join("mx2"));
        var heard = Hear(one);
        await Joined(one, two);
        two.Announce(Block("192.0.2.2/32"));
        await Eventually.IsTrue(() => heard.Any(word => word.Network.ToString() == "192.0.2.2/32"), "the block is heard", Patience);
        _server.Ask("CONFIG", "SET", "maxmemory", "1");
        one.Announce(Block("192.0.2.1/32"));
        one.Announce(Fact(1));
        await Eventually.IsTrue(
            () => one.Status.Problem?.Contains("maxmemory", StringComparison.Ordinal) == true, "it says what is wrong", Patience);
        var connections = Connections();
        await Eventually.IsTrue(() => Connections() > connections + 8, "it tries again some times", Patience);
        log.Count(1801).Should().Be(1);
        log.Count(1800).Should().Be(1);
        one.Status.Waiting.Should().Be(2);

        _server.Ask("CONFIG", "SET", "maxmemory", "0");
        await Eventually.IsTrue(() => one.Status is { IsConnected: true, Waiting: 0 }, "all is said", Patience);
        _server.Ask("XRANGE", "blocksmtp:{mail}:blocks", "-", "+").Should().Contain("192.0.2.1/32");
        _server.Ask("XLEN", "blocksmtp:{mail}:facts").Trim().Should().Be("1");
        log.Count(1800).Should().Be(2);
    }

    [Test]
    public async Task A_key_of_another_kind_is_told_and_lived_with()
    {
        _server.Ask("SET", "blocksmtp:{mail}:blocks", "nonsense");
        var one = Join("mx1");
        one.Announce(Block("192.0.2.1/32"));
        await Eventually.IsTrue(
            () => one.Status.Problem?.Contains("WRONGTYPE", StringComparison.Ordinal) == true, "it says what is wrong", Patience);
        _server.Ask("DEL", "blocksmtp:{mail}:blocks");
        await Eventually.IsTrue(() => one.Status is { IsConnected: true, Waiting: 0 }, "it goes on when it is mended", Patience);
    }

    [Test]
    public async Task Who_is_there_is_known()
    {
        var (one, two) = (Join("mx1"), Join("mx2"));
        await Eventually.IsTrue(
            () => one.Status.Hosts.Concat(two.Status.Hosts).Select(host => host.Node).Distinct().Count() == 2,
            "one has seen the other",
            Patience);
    }

    [Test]
    public async Task With_the_least_rights_it_works_and_the_server_notes_no_attempt_of_more()
    {
        using var folder = new TemporaryFolder();
        _server.Ask(["ACL", "SETUSER", "blocksmtp", .. LeastRights("mail"), ">secret"]);
        _server.Ask("ACL", "SETUSER", "root", "on", ">root", "+@all", "~*", "&*");
        _server.Ask("ACL", "SETUSER", "default", "off");
        // Whoever asks now has to say who he is.
        var secret = folder.Write("secret", "secret\n");
        RedisFleet As(string node) => Join(node, options => (options.User, options.PasswordFile) = ("blocksmtp", secret));
        var (one, two) = (As("mx1"), As("mx2"));
        var heard = Hear(two);
        await Joined(one, two);
        one.Announce(Block("192.0.2.1/32"));
        one.Announce(Fact(1));
        await Eventually.IsTrue(() => heard.Count >= 2, "both are heard", Patience);
        Command.Run("redis-cli", "-s", _server.Socket, "--user", "root", "--pass", "root", "--no-auth-warning", "ACL", "LOG").Trim()
            .Should().BeEmpty();
    }

    [Test]
    public async Task A_wrong_password_is_told_and_a_right_one_taken_without_a_restart()
    {
        using var folder = new TemporaryFolder();
        _server.Ask(["ACL", "SETUSER", "blocksmtp", .. LeastRights("mail"), ">secret"]);
        var secret = folder.Write("secret", "wrong\n");
        var one = Join("mx1", options => (options.User, options.PasswordFile) = ("blocksmtp", secret));
        one.Announce(Block("192.0.2.1/32"));
        await Eventually.IsTrue(
            () => one.Status.Problem?.Contains("password", StringComparison.Ordinal) == true,
            $"it says so; it says {one.Status.Problem}",
            Patience);
        File.WriteAllText(secret, "secret\n");
        await Eventually.IsTrue(() => one.Status is { IsConnected: true, Waiting: 0 }, "it is heard", Patience);
    }

    [Test]
    public async Task Fifty_thousand_blocks_are_taken_over_by_who_joins()
    {
        const int Count = 50_000;
        var one = Join("mx1");
        for (var i = 0; i < Count; i++)
            one.Announce(Block(string.Create(CultureInfo.InvariantCulture, $"10.{i / 65_536}.{i / 256 % 256}.{i % 256}/32")));
        await Eventually.IsTrue(() => one.Status.Waiting == 0, "all are said", TimeSpan.FromSeconds(60));
        var heard = Hear(Join("mx2"));
        await Eventually.IsTrue(() => heard.Count == Count, "all are heard", TimeSpan.FromSeconds(60));
        _server.Ask("XLEN", "blocksmtp:{mail}:blocks").Trim().Should().Be("50000");
    }

    [Test]
    public async Task A_restart_says_nothing_again_that_the_server_has()
    {
        var one = Join("mx1");
        one.Announce(Block("192.0.2.1/32"));
        await Eventually.IsTrue(() => one.Status.Said == 1, "it is said", Patience);
        await one.DisposeAsync();
        var again = Join("mx1");
        again.Announce(Block("192.0.2.1/32"));
        again.Announce(Block("192.0.2.2/32"));
        await Eventually.IsTrue(() => again.Status is { IsConnected: true, Waiting: 0 }, "nothing waits", Patience);
        await Eventually.IsTrue(() => _server.Ask("XLEN", "blocksmtp:{mail}:blocks").Trim() == "2", "each is there once", Patience);
    }

    [TestCase("redis.example.org", false)]
    [TestCase("192.0.2.1:6379", false)]
    [TestCase("[2001:db8::1]:6379", false)]
    [TestCase("127.0.0.1", true)]
    [TestCase("[::1]:6379", true)]
    [TestCase("localhost:6379", true)]
    [TestCase("/run/redis/redis.sock", true)]
    public void Another_machine_is_spoken_to_with_TLS_only(string server, bool isHere)
    {
        var validate = new RedisFleetOptions { Servers = [server], Node = "mx1" }.Validate;
        if (isHere)
            validate.Should().NotThrow();
        else
            validate.Should().Throw<ArgumentException>().WithMessage("*plain text*");
        new RedisFleetOptions { Servers = [server], Node = "mx1", Tls = true }.Invoking(options => options.Validate()).Should().NotThrow();
    }

    /// <summary>As docs/fleet.md has it.</summary>
    internal static string[] LeastRights(string fleet) =>
    [
        "on", "resetkeys", $"~blocksmtp:{{{fleet}}}:*", "resetchannels", $"&blocksmtp:{{{fleet}}}:bell", "-@all",
        "+xadd", "+xrange", "+xrevrange", "+publish", "+subscribe", "+unsubscribe", "+hset", "+hlen", "+hgetall", "+expire", "+time",
        "+ping", "+echo", "+select", "+acl|whoami",
    ];

    private RedisFleet Join(string node, Action<RedisFleetOptions>? configure = null, ILogger? logger = null)
    {
        var options = new RedisFleetOptions { Servers = [_server.Socket], Node = node };
        configure?.Invoke(options);
        var fleet = new RedisFleet(options, logger);
        _joined.Add(fleet);
        return fleet;
    }

    private int Connections() => int.Parse(
        Regex.Match(_server.Ask("INFO", "stats"), @"total_connections_received:(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private static async Task Joined(params RedisFleet[] fleets) =>
        await Eventually.IsTrue(
            () => fleets.All(fleet => fleet.Status.IsConnected),
            $"all are connected ({string.Join(", ", fleets.Select(fleet => fleet.Status.Problem))})",
            Patience);

    private static System.Collections.Concurrent.ConcurrentQueue<FleetWord> Hear(RedisFleet fleet)
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<FleetWord>();
        _ = Task.Run(async () =>
        {
            await foreach (var words in fleet.ListenAsync(default))
            {
                foreach (var word in words)
                    heard.Enqueue(word);
            }
        });
        return heard;
    }

    private static FleetWord Block(string network) =>
        new("", FleetWordKind.Block, IPNetwork.Parse(network)) { Left = TimeSpan.FromHours(1), Offenses = 4, Reason = "guesses" };

    private static FleetWord Fact(ulong number) =>
        new("", FleetWordKind.Offense, IPNetwork.Parse("203.0.113.20/32")) { Transaction = number, Recipient = "anna" };
}
