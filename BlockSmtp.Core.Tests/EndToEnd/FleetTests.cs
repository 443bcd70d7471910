using System.Globalization;
using System.Net;
using BlockSmtp.Control;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Three real mail servers in namespaces of their own, each with its daemon and the program beside it, and a real redis-server where they
/// meet. The third one's program is nobody but a member of a group, as its package has it.
/// </summary>
internal sealed class FleetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What a block needs to be in force on a busy machine is less than a few of these.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    private const string Metrics = "127.0.0.1:9625";

    private readonly SendmailLab[] _labs = new SendmailLab[3];
    private readonly BlockSmtpDaemon[] _daemons = new BlockSmtpDaemon[3];
    private readonly RunningProgram[] _programs = new RunningProgram[3];
    private RedisServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Requires.Root();
        _server = new RedisServer(null, "--unixsocketperm", "777");
        Command.Run("chmod", "711", _server.Folder);
        for (var i = 0; i < 3; i++)
            _labs[i] = SendmailLab.Start(new LabSettings { Throttle = 0 });
        for (var i = 0; i < 3; i++)
        {
            await StartDaemonAsync(i);
            StartProgram(i);
        }

        await AllAreHeard();
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        foreach (var program in _programs.Where(program => program is not null))
            await program.DisposeAsync();
        foreach (var daemon in _daemons.Where(daemon => daemon is not null))
            await daemon.DisposeAsync();
        foreach (var lab in _labs)
            lab?.Dispose();
        _server?.Dispose();
    }

    // First: what others of its network have guessed would count, too.
    [Test, Order(1)]
    public async Task Who_spreads_two_and_two_guesses_over_two_servers_is_blocked_on_all_three_by_the_fourth()
    {
        await using var first = await _labs[0].ConnectAsync("203.0.113.30");
        await first.BeginAsync();
        await first.GuessAsync(2);
        await Knows(1, "203.0.113.30", 2);
        await using var second = await _labs[1].ConnectAsync("203.0.113.30");
        await second.BeginAsync();
        await second.GuessAsync(40, Apart);

        await IsBlockedEverywhere("203.0.113.30");
        second.HasEnded.Should().BeTrue();
        (first.UnknownUsers + second.UnknownUsers)
            .Should().BeInRange(3, 12, "the fourth blocks, and some more may be on their way on a busy machine");
        Ask(1, "list").Should().MatchRegex(@"203\.0\.113\.30 .* 4  4 wrong names");
        await first.WaitForEndAsync(Patience);
        first.HasEnded.Should().BeTrue("its session on the other server is ended, too");
        // It has judged by itself, or has heard of the block before.
        Ask(0, "why", "203.0.113.30").Should().MatchRegex("; some of it seen (here|by mx1)\n").And.Contain("seen by   mx2, of the fleet");
        Ask(1, "why", "203.0.113.30").Should().Contain("; some of it seen by mx1").And.NotContain("of the fleet");
        Ask(2, "list").Should().MatchRegex(@"203\.0\.113\.30 .*; some of it seen by mx1 \(mx2\)");
        Ask(2, "why", "203.0.113.30").Should().Contain("seen by   mx2, of the fleet");
        await FigureIs(2, "blocksmtp_fleet_blocks", value => value >= 1);
        await FigureIs(2, "blocksmtp_fleet_heard_total", value => value >= 4);
        await FigureIs(1, "blocksmtp_fleet_said_total", value => value >= 2);
    }

    [Test]
    public async Task Who_guesses_on_all_three_at_once_learns_no_more_than_on_three_that_are_alone()
    {
        var sessions = await Task.WhenAll(_labs.Select(lab => lab.ConnectAsync("203.0.113.31")));
        await Task.WhenAll(sessions.Select(session => session.BeginAsync()));
        await Task.WhenAll(sessions.Select(session => session.GuessAsync(40, Apart)));
        await IsBlockedEverywhere("203.0.113.31");
        var leaked = sessions.Sum(session => session.UnknownUsers);
        TestContext.Out.WriteLine($"{leaked} guesses were answered by three servers at once");
        leaked.Should().BeLessThanOrEqualTo(36);
        foreach (var session in sessions)
            await session.DisposeAsync();
    }

    [Test]
    public async Task What_is_blocked_by_hand_on_one_and_released_by_hand_on_another_is_so_on_all()
    {
        Ask(0, "block", "203.0.113.32");
        await IsBlockedEverywhere("203.0.113.32");
        Ask(1, "unblock", "203.0.113.32");
        foreach (var daemon in _daemons)
            await daemon.Releases("203.0.113.32");
    }

    [Test]
    public async Task While_the_server_is_away_each_blocks_alone_and_afterwards_all_know()
    {
        _server.Kill();
        await using (var session = await _labs[0].ConnectAsync("203.0.113.33"))
        {
            await session.BeginAsync();
            (await session.GuessAsync(40, Apart)).Should().BeInRange(1, 12);
        }

        await _daemons[0].Blocks("203.0.113.33");
        await Eventually.IsTrue(
            () => Tool.Run("fleet", $"--control-socket={_daemons[1].ControlSocket}").Output.Contains("NOT heard", StringComparison.Ordinal),
            "it is noticed",
            Patience);
        _labs[1].Drops("203.0.113.33").Should().BeFalse();
        await FigureIs(0, "blocksmtp_fleet_connected", value => value == 0);
        await FigureIs(0, "blocksmtp_fleet_waiting", value => value > 0);
        _server.Start();
        await IsBlockedEverywhere("203.0.113.33");
        await AllAreHeard();
        await FigureIs(0, "blocksmtp_fleet_waiting", value => value == 0);
    }

    [Test]
    public async Task A_server_that_hangs_in_an_attack_delays_no_block()
    {
        _server.Hang();
        try
        {
            await using var session = await _labs[1].ConnectAsync("203.0.113.34");
            await session.BeginAsync();
            (await session.GuessAsync(40, Apart)).Should().BeInRange(1, 12);
            await _daemons[1].Blocks("203.0.113.34");
        }
        finally
        {
            _server.GoOn();
        }

        await IsBlockedEverywhere("203.0.113.34");
        await AllAreHeard();
    }

    [Test]
    public async Task A_server_that_has_lost_everything_is_told_again()
    {
        Ask(0, "block", "203.0.113.35");
        Ask(1, "block", "203.0.113.36");
        await IsBlockedEverywhere("203.0.113.35");
        await IsBlockedEverywhere("203.0.113.36");
        _server.Kill();
        _server.Forget();
        _server.Start();
        await Eventually.IsTrue(
            () => _server.Ask("XRANGE", "blocksmtp:{mail}:blocks", "-", "+") is var all
                && all.Contains("203.0.113.35/32", StringComparison.Ordinal)
                && all.Contains("203.0.113.36/32", StringComparison.Ordinal),
            "both are said again", Patience);
        await AllAreHeard();
    }

    [Test]
    public async Task A_daemon_that_is_started_again_takes_over_what_was_blocked_meanwhile()
    {
        await _daemons[2].DisposeAsync();
        Ask(0, "block", "203.0.113.37");
        await StartDaemonAsync(2);
        await _daemons[2].Blocks("203.0.113.37");
        await AllAreHeard();
    }

    [Test]
    public async Task A_program_that_is_killed_and_started_again_misses_nothing_in_either_direction()
    {
        await _programs[1].DisposeAsync();
        Ask(0, "block", "203.0.113.38");
        Ask(1, "block", "203.0.113.39");
        Ask(1, "unblock", "203.0.113.39");
        Ask(1, "block", "203.0.113.40");
        StartProgram(1);
        await IsBlockedEverywhere("203.0.113.38");
        await IsBlockedEverywhere("203.0.113.40");
        _labs[0].Drops("203.0.113.39").Should().BeFalse();
        await AllAreHeard();
    }

    [Test]
    public async Task Whom_a_hostile_member_would_block_is_blocked_only_where_nobody_trusts_him()
    {
        string[] Entry(string network) =>
        [
            "XADD", "blocksmtp:{mail}:blocks", "*", "v", "1", "n", "evil", "o", "b", "net", network, "for", "99999999999", "c", "4", "w",
            "\u001b[2Jevil"
        ];
        foreach (var network in new[]
        {
            "0.0.0.0/0", "::/0", SendmailLab.ServerV4, SendmailLab.ServerV6, "127.0.0.1", "10.100.10.0/24", "203.0.113.41"
        })
            _server.Ask(Entry(network));
        await IsBlockedEverywhere("203.0.113.41");
        var list = Ask(0, "list");
        list.Should().NotContain("10.100.10.").And.NotContain("127.0.0.1").And.NotContain("\u001b");
        Ask(0, "fleet").Should().MatchRegex("refused +[1-9]");
        await FigureIs(0, "blocksmtp_fleet_refused_total{reason=\"trusted\"}", value => value >= 3);
        await FigureIs(0, "blocksmtp_fleet_refused_total{reason=\"too_wide\"}", value => value >= 2);
        (await _labs[0].AcceptsAsync("198.51.100.7")).Should().BeTrue();
    }

    [Test]
    public async Task The_fleets_socket_is_for_words_and_nothing_else()
    {
        await using var client = await ControlClient.ConnectAsync(SocketOf(0));
        var asking = () => client.UnblockAllAsync();
        (await asking.Should().ThrowAsync<ControlException>()).Which.Message.Should().Contain("hear and tell");
        await using var people = await ControlClient.ConnectAsync(_daemons[0].ControlSocket);
        var telling = () => people.TellAsync(
            [new FleetWord("mx9", FleetWordKind.Block, IPNetwork.Parse("203.0.113.42/32")) { Left = TimeSpan.FromHours(1) }]);
        await telling.Should().ThrowAsync<ControlException>();
    }

    [Test]
    public async Task Who_is_there_is_told()
    {
        Ask(0, "fleet").Should().Contain("heard, as mx1").And.Contain("mx1, mx2, mx3");
        Ask(0, "fleet", "--json").Should().Contain("\"connected\":true");
        Ask(0, "status").Should().Contain("3 hosts");
        await FigureIs(0, "blocksmtp_fleet_connected", value => value == 1);
        await FigureIs(0, "blocksmtp_fleet_hosts", value => value == 3);
    }

    private async Task StartDaemonAsync(int host) =>
        _daemons[host] = await BlockSmtpDaemon.StartAsync(
            _labs[host], $"--fleet-socket={SocketOf(host)}", "--fleet-group=daemon", "--firewall=nftables", $"--metrics={Metrics}");

    private void StartProgram(int host)
    {
        string[] nobody = host == 2 ? ["setpriv", "--reuid=nobody", "--regid=daemon", "--clear-groups"] : [];
        _programs[host] = FleetProgram.Start(nobody, $"--server={_server.Socket}", $"--node=mx{host + 1}", $"--socket={SocketOf(host)}");
    }

    private string SocketOf(int host) => Path.Combine(_labs[host].StateDirectory, "fleet.sock");

    /// <summary>Waits until all are connected and have seen each other.</summary>
    private async Task AllAreHeard()
    {
        for (var i = 0; i < 3; i++)
        {
            var socket = _daemons[i].ControlSocket;
            var program = _programs[i];
            await Eventually.IsTrue(
                () => Tool.Run("fleet", $"--control-socket={socket}") is { ExitCode: 0, Output: var said }
                    && said.Contains("mx1, mx2, mx3", StringComparison.Ordinal),
                $"mx{i + 1} hears the fleet; its program said:\n{program.Said}", Patience);
        }
    }

    private async Task IsBlockedEverywhere(string address)
    {
        foreach (var daemon in _daemons)
            await daemon.Blocks(address);
    }

    /// <summary>Waits until a host knows of so many guesses.</summary>
    private async Task Knows(int host, string address, int guesses)
    {
        await using var client = await ControlClient.ConnectAsync(_daemons[host].ControlSocket);
        for (var start = Environment.TickCount64; ; await Task.Delay(20))
        {
            var (explanation, _) = await client.ExplainAsync(IPAddress.Parse(address));
            if (explanation.Offenses.Count >= guesses)
                return;
            if (Environment.TickCount64 - start > Patience.TotalMilliseconds)
            {
                var all = string.Join(
                    '\n', Enumerable.Range(0, 3).Select(i => Ask(i, "why", address) + Ask(i, "fleet") + _programs[i].Said));
                Assert.Fail($"mx{host + 1} does not hear of {guesses} guesses:\n{all}");
            }
        }
    }

    /// <summary>Waits until a figure that a host's daemon has for Prometheus is as it is to be.</summary>
    private async Task FigureIs(int host, string name, Func<double, bool> isRight)
    {
        string Figures() =>
            Command.Run("ip", "netns", "exec", _labs[host].ServerNamespace, "curl", "--silent", "--fail", $"http://{Metrics}/metrics");
        await Eventually.IsTrue(
            () => Figures().Split('\n').Any(line => line.StartsWith(name + " ", StringComparison.Ordinal)
                && isRight(double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture))),
            $"{name} of mx{host + 1} is right; there is:\n{Figures()}", Patience);
    }

    private string Ask(int host, string command, params string[] arguments)
    {
        var (exitCode, output, errors) = Tool.Run([command, $"--control-socket={_daemons[host].ControlSocket}", .. arguments]);
        exitCode.Should().Be(0, output + errors);
        return output;
    }
}
