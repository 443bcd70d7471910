using System.Net.Sockets;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The daemon's own life: start, rotated logs, signals, sudden death.</summary>
[TestFixture]
internal sealed class DaemonTests
{
    private static readonly string[] NoRules = ["-P INPUT ACCEPT", "-P FORWARD ACCEPT", "-P OUTPUT ACCEPT"];
    private const string Jump = $"-A INPUT -p tcp -m tcp --dport 25 -j {BlockSmtpDaemon.Chain}";

    private SendmailLab _lab = null!;

    [OneTimeSetUp]
    public void StartLab() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });

    [OneTimeTearDown]
    public void EndLab() => _lab?.Dispose();

    [Test]
    public async Task A_block_goes_when_its_time_is_over_and_comes_again_with_the_next_guesses()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--block-time=3s");

        await Guess("203.0.113.100");
        await daemon.Blocks("203.0.113.100");
        await daemon.Releases("203.0.113.100");

        (await _lab.AcceptsAsync("203.0.113.100")).Should().BeTrue();
        await Guess("203.0.113.100");
        await daemon.Blocks("203.0.113.100");
    }

    [TestCase(Rotation.Rename, "203.0.113.101", "203.0.113.121")]
    [TestCase(Rotation.CopyTruncate, "203.0.113.102", "203.0.113.122")]
    public async Task A_log_rotated_in_mid_attack_hides_nothing(Rotation how, string source, string marker)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(2);
        // What is written between copy and cut is lost to every reader: let the daemon see these two first.
        await daemon.HasJudgedAllUntilNow(marker);

        _lab.Rotate(how);
        await session.GuessAsync(10, apart: TimeSpan.FromMilliseconds(50));

        await daemon.Blocks(source);
        session.UnknownUsers.Should().BeLessThan(8);
    }

    [Test]
    public async Task A_daemon_killed_and_started_again_has_one_jump_and_no_stale_rule()
    {
        var killed = await BlockSmtpDaemon.StartAsync(_lab);
        await Guess("203.0.113.103");
        await Guess("2001:db8::a:103");
        await killed.Blocks("203.0.113.103");
        await killed.Blocks("2001:db8::a:103");
        await killed.KillAsync();
        _lab.Rules().Should().Contain(Jump, "it had no time to clear away");

        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);

        foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            _lab.Rules(family)
                .Should().ContainSingle(rule => rule.StartsWith("-A INPUT", StringComparison.Ordinal)).Which.Should().Be(Jump);
            _lab.Rules(family).Should().NotContain(rule => rule.EndsWith("-j DROP", StringComparison.Ordinal));
        }

        await Guess("203.0.113.104");
        await daemon.Blocks("203.0.113.104");
        await killed.DisposeAsync();
    }

    [TestCase("TERM")]
    [TestCase("INT")]
    public async Task An_orderly_stop_leaves_no_rule(string signal)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await Guess("203.0.113.105");
        await daemon.Blocks("203.0.113.105");

        daemon.Signal(signal);

        (await daemon.ExitCodeAsync()).Should().Be(0);
        _lab.Rules(AddressFamily.InterNetwork).Should().Equal(NoRules);
        _lab.Rules(AddressFamily.InterNetworkV6).Should().Equal(NoRules);
    }

    [Test]
    public async Task A_stop_with_the_rules_kept_leaves_them()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--keep-rules");
        await Guess("203.0.113.106");
        await daemon.Blocks("203.0.113.106");

        daemon.Signal("TERM");

        (await daemon.ExitCodeAsync()).Should().Be(0);
        _lab.Rules().Should().Contain(Jump);
        _lab.Drops("203.0.113.106").Should().BeTrue();
    }

    [Test]
    public async Task Rules_of_others_stay_through_start_and_stop()
    {
        const string Theirs = "-A INPUT -s 192.0.2.77/32 -p tcp -m tcp --dport 25 -j DROP";
        _lab.RunInside("iptables", "-w", "-A", "INPUT", "-s", "192.0.2.77", "-p", "tcp", "--dport", "25", "-j", "DROP");
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);

        _lab.Rules().Where(rule => rule.StartsWith("-A INPUT", StringComparison.Ordinal)).Should().Equal(Jump, Theirs);
        daemon.Signal("TERM");
        await daemon.ExitCodeAsync();

        _lab.Rules().Should().Equal([.. NoRules, Theirs]);
    }

    [Test]
    public async Task A_host_that_the_new_white_list_trusts_is_released_at_once()
    {
        using var whiteList = new WhiteListFile("# nobody yet");
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, whiteList.Option);
        await Guess("203.0.113.107");
        await Guess("203.0.113.108");
        await daemon.Blocks("203.0.113.107");
        await daemon.Blocks("203.0.113.108");

        whiteList.Write("203.0.113.107");
        daemon.Signal("HUP");

        await daemon.Releases("203.0.113.107");
        (await _lab.AcceptsAsync("203.0.113.107")).Should().BeTrue();
        _lab.Drops("203.0.113.108").Should().BeTrue();
    }

    [Test]
    public async Task A_bad_white_list_on_reload_leaves_the_one_in_force()
    {
        using var whiteList = new WhiteListFile("203.0.113.109");
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, whiteList.Option);

        whiteList.Write("203.0.113.110", "not-a-network");
        daemon.Signal("HUP");
        await daemon.Says(":2: 'not-a-network' is not a network address");

        await Guess("203.0.113.109", 10);
        await Guess("203.0.113.110");
        await daemon.Blocks("203.0.113.110");
        _lab.Drops("203.0.113.109").Should().BeFalse();
    }

    [Test]
    public async Task A_bad_white_list_at_the_start_stops_it_before_it_changes_anything()
    {
        using var whiteList = new WhiteListFile("10.0.0.0/8", "10.0.0.0/99");
        await using var daemon = BlockSmtpDaemon.Launch(_lab, whiteList.Option);

        (await daemon.ExitCodeAsync()).Should().Be(78);

        daemon.Output.Should().HaveCount(2)
            .And.ContainSingle(line => line.EndsWith(":2: '10.0.0.0/99' is not a network address", StringComparison.Ordinal));
        _lab.Rules().Should().Equal(NoRules);
    }

    [Test]
    public async Task A_second_daemon_on_the_same_chain_is_refused()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab);
        await Guess("203.0.113.111");
        await daemon.Blocks("203.0.113.111");

        var second = BlockSmtpDaemon.Launch(_lab);

        (await second.ExitCodeAsync()).Should().Be(69);
        second.Output.Should().ContainSingle().Which.Should().StartWith("blocksmtp: ").And.Contain(BlockSmtpDaemon.Chain);
        _lab.Drops("203.0.113.111").Should().BeTrue("the first one's rules are not touched");
    }

    [Test]
    public async Task A_dry_run_says_who_would_be_blocked_and_changes_nothing()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--dry-run");
        await Guess("203.0.113.112");

        await daemon.Says("203.0.113.112");

        _lab.Rules().Should().Equal(NoRules);
    }

    private async Task Guess(string source, int count = 4)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(count);
    }
}
