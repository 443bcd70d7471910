using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>What the daemon stands on breaks while it is needed, and is mended again.</summary>
[TestFixture]
internal sealed class FaultTests
{
    private const string Host = "203.0.113.20";
    private const string Other = "203.0.113.21";

    private LoneServer _server = null!;

    [SetUp]
    public void Make()
    {
        Requires.Root();
        foreach (var tool in new[] { "nft", "ipset", "iptables", "ip6tables", "mount" })
            Requires.Tool(tool);
        _server = new();
    }

    [TearDown]
    public void Leave()
    {
        if (_server is null)
            return;
        Command.Try("umount", "--lazy", _server.StateDirectory);
        _server.Dispose();
    }

    [Test]
    public async Task A_full_disk_stops_no_block_and_all_is_kept_when_there_is_room()
    {
        Directory.CreateDirectory(_server.StateDirectory);
        Command.Run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "none", _server.StateDirectory);
        await using var daemon = new LoneDaemon(_server, "nftables", []);
        await daemon.IsReady();
        await IsBlocked("nftables", daemon, Host);
        Fill();

        for (var i = 1; i < 200; i++)
            _server.Guess($"198.51.100.{i}", 4);
        await IsBlocked("nftables", daemon, Other);
        await daemon.Says("make room on the disk that");
        File.Delete(Path.Combine(_server.StateDirectory, "filler"));

        await daemon.Says("the state is kept again");
        await Eventually.IsTrue(async () => (await _server.History.FindAsync(new() { OnlyCurrent = true })).Count == 201, "all is kept");
    }

    [Test]
    public async Task A_state_directory_that_cannot_be_made_stops_nothing()
    {
        File.WriteAllText(_server.StateDirectory, "a file");
        await using var daemon = new LoneDaemon(_server, "nftables", []);
        await daemon.IsReady();
        await IsBlocked("nftables", daemon, Host);
        await daemon.Says("is a directory that the user blocksmtp runs as may write");

        File.Delete(_server.StateDirectory);

        await daemon.Says("the state is kept again");
        (await _server.History.FindAsync(new())).Should().ContainSingle();
    }

    [Test]
    public async Task A_database_that_is_damaged_while_it_is_used_is_written_anew()
    {
        await using (var first = new LoneDaemon(_server, "nftables", []))
        {
            await first.IsReady();
            await IsBlocked("nftables", first, Host);
            await Eventually.IsTrue(async () => (await _server.History.FindAsync(new())).Count == 1, "the block is kept");
        }

        var noise = new byte[30_000];
        new Random(3).NextBytes(noise);
        File.WriteAllBytes(Path.Combine(_server.StateDirectory, "state.db"), noise);
        File.Delete(Path.Combine(_server.StateDirectory, "state.db-wal"));

        await using var second = new LoneDaemon(_server, "nftables", []);
        await second.IsReady();
        await second.Says("is damaged");
        await IsBlocked("nftables", second, Other);
        await Eventually.IsTrue(async () => (await _server.History.FindAsync(new())).Count == 1, "the new block is kept");
        File.ReadAllBytes(Directory.EnumerateFiles(_server.StateDirectory, "state.db.corrupt-*").Single(file =>
            !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith("-wal", StringComparison.Ordinal)))
            .Should().Equal(noise);
    }

    [TestCase("exit 1")]
    [TestCase("sleep 1000")]
    [TestCase("head -c 60 | \"$real\" \"$@\"; exit 1")]
    [TestCase("\"$real\" \"$@\"; exit 1")]
    public async Task A_tool_that_fails_hangs_or_does_half_blocks_in_the_end(string fault)
    {
        var tools = Directory.CreateDirectory(Path.Combine(_server.Folder, "tools")).FullName;
        var broken = Path.Combine(tools, "broken");
        var script = Path.Combine(tools, "iptables-restore");
        File.WriteAllText(
            script, $"#!/bin/sh\nreal={Requires.Find("iptables-restore")}\n[ -e {broken} ] || exec \"$real\" \"$@\"\n{fault}\n");
        Command.Run("chmod", "a+rx", script);
        await using var daemon = new LoneDaemon(_server, "iptables", [], tools);
        await daemon.IsReady();
        await IsBlocked("iptables", daemon, Host);
        File.WriteAllText(broken, "");

        _server.Guess(Other, 4);
        await daemon.Says("the firewall failed, and is tried again in");
        File.Delete(broken);

        await Eventually.IsTrue(
            () => _server.Blocked("iptables").SetEquals([Host, Other]),
            $"both are blocked; the daemon said:\n{daemon.Output}",
            TimeSpan.FromMinutes(2));
        _server.Run("iptables", "-w", "-S").Split('\n').Count(rule => rule.Contains("-j", StringComparison.Ordinal))
            .Should().Be(3, "the jump and two hosts");
    }

    [TestCase("nftables", "nft flush ruleset")]
    [TestCase("nftables", "nft flush set inet blocksmtp hosts4")]
    [TestCase("nftables", "nft flush chain inet blocksmtp input")]
    [TestCase("ipset", "ipset flush")]
    [TestCase("ipset", "iptables -w -F")]
    [TestCase("ipset", "iptables -w -D INPUT 1")]
    [TestCase("iptables", "iptables -w -F SPAM_UNAME_GUESSERS")]
    [TestCase("iptables", "iptables -w -D SPAM_UNAME_GUESSERS 1")]
    [TestCase("iptables", "iptables -w -D INPUT 1")]
    [TestCase("iptables", "iptables -w -I INPUT -j ACCEPT")]
    public async Task What_a_foreign_hand_does_every_second_in_an_attack_is_put_right(string firewall, string foreign)
    {
        await using var daemon = new LoneDaemon(_server, firewall, ["--reconcile=1s"]);
        await daemon.IsReady();
        var words = foreign.Split(' ');
        HashSet<string> attackers = [];
        for (var round = 1; round <= 3; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                _server.Guess($"10.0.{round}.{i}", 4);
                attackers.Add($"10.0.{round}.{i}");
            }

            await Eventually.IsTrue(
                () => _server.Blocked(firewall).IsSupersetOf(attackers),
                $"the attackers are blocked; the daemon said:\n{daemon.Output}",
                TimeSpan.FromMinutes(1));
            _server.Run(words[0], words[1..]);
        }

        await Eventually.IsTrue(
            () => _server.Blocked(firewall).SetEquals(attackers) && IsInForce(firewall),
            $"all are blocked and the rules are reached; the daemon said:\n{daemon.Output}", TimeSpan.FromMinutes(1));
        await daemon.Says("somebody has changed the rules");
    }

    [TestCase("nftables", "nft flush ruleset")]
    [TestCase("ipset", "ipset flush")]
    [TestCase("iptables", "iptables -w -F SPAM_UNAME_GUESSERS")]
    public async Task A_guess_of_a_blocked_host_brings_the_rules_back_that_a_foreign_hand_has_taken_away(string firewall, string foreign)
    {
        await using var daemon = new LoneDaemon(_server, firewall, ["--reconcile=1h"]);
        await daemon.IsReady();
        await IsBlocked(firewall, daemon, Host);
        var words = foreign.Split(' ');
        _server.Run(words[0], words[1..]);
        _server.Blocked(firewall).Should().BeEmpty();

        // What was on its way when it was blocked is no sign; what comes later is.
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        _server.Guess(Host, 1);

        await Eventually.IsTrue(
            () => _server.Blocked(firewall).Contains(Host) && IsInForce(firewall),
            $"it is blocked again; the daemon said:\n{daemon.Output}",
            TimeSpan.FromSeconds(30));
        await daemon.Says("somebody has changed the rules");
    }

    private bool IsInForce(string firewall) => firewall == "nftables"
        ? _server.Run("nft", "list", "chain", "inet", "blocksmtp", "input").Contains("ip saddr @hosts4", StringComparison.Ordinal)
        : _server.Run("iptables", "-w", "-S", "INPUT").Split('\n')[1] == $"-A INPUT -p tcp -m tcp --dport 25 -j {BlockSmtpDaemon.Chain}";

    private async Task IsBlocked(string firewall, LoneDaemon daemon, string host)
    {
        _server.Guess(host, 4);
        await Eventually.IsTrue(
            () => _server.Blocked(firewall).Contains(host),
            $"{host} is blocked; the daemon said:\n{daemon.Output}",
            TimeSpan.FromMinutes(1));
    }

    private void Fill()
    {
        using var filler = File.Create(Path.Combine(_server.StateDirectory, "filler"), 1);
        try
        {
            while (true)
                filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // That is what it is for.
        }
    }
}
