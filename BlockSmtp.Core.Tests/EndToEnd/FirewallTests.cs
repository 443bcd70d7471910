namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The firewalls other than iptables, with all else as it is.</summary>
[TestFixture("nftables")]
[TestFixture("ipset")]
internal sealed class FirewallTests(string kind)
{
    private SendmailLab _lab = null!;

    private string Option => "--firewall=" + kind;

    [OneTimeSetUp]
    public void StartLab() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });

    [OneTimeTearDown]
    public void EndLab() => _lab?.Dispose();

    [TestCase("203.0.113.150")]
    [TestCase("2001:db8::a:150")]
    public async Task One_that_holds_its_session_is_cut_off_and_kept_out(string source)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, Option);

        await AttackAsync(source);

        await daemon.Blocks(source);
        (await _lab.AcceptsAsync(source)).Should().BeFalse();
        daemon.Signal("TERM");
        (await daemon.ExitCodeAsync()).Should().Be(0);
        _lab.RunInside("nft", "list", "tables").Should().NotContain("inet blocksmtp");
        _lab.RunInside("ipset", "list", "-name").Should().BeEmpty();
        _lab.Rules().Should().HaveCount(3);
    }

    [TestCase("203.0.113.151")]
    [TestCase("2001:db8::a:151")]
    public async Task A_block_goes_when_its_time_is_over_and_comes_again_with_the_next_guesses(string source)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, Option, "--block-time=3s");

        await AttackAsync(source);
        await daemon.Blocks(source);
        await daemon.Releases(source);

        (await _lab.AcceptsAsync(source)).Should().BeTrue();
        // Who comes back is watched: its first wrong name is enough.
        await AttackAsync(source, least: 1);
        await daemon.Blocks(source);
    }

    [Test]
    public async Task Everybody_is_released_in_time_also_when_the_daemon_was_killed()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, Option, "--block-time=3s");
        await AttackAsync("203.0.113.152");
        await daemon.Blocks("203.0.113.152");

        await daemon.KillAsync();

        await daemon.Releases("203.0.113.152");
        (await _lab.AcceptsAsync("203.0.113.152")).Should().BeTrue();
    }

    [Test]
    public async Task What_a_killed_daemon_has_left_is_replaced()
    {
        await using var killed = await BlockSmtpDaemon.StartAsync(_lab, Option);
        await AttackAsync("203.0.113.153");
        await killed.Blocks("203.0.113.153");
        await killed.KillAsync();
        _lab.Drops("203.0.113.153").Should().BeTrue("it had no time to clear away");

        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, Option);

        _lab.Drops("203.0.113.153").Should().BeFalse();
        await AttackAsync("203.0.113.154");
        await daemon.Blocks("203.0.113.154");
    }

    [Test]
    public async Task A_second_daemon_on_the_same_rules_is_refused()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, Option);
        var second = BlockSmtpDaemon.Launch(_lab, Option);

        (await second.ExitCodeAsync()).Should().Be(69);
        second.Output.Should().ContainSingle().Which.Should().StartWith("blocksmtp: another blocksmtp uses the ");
    }

    /// <summary>Guesses in one session until it is cut off.</summary>
    private async Task AttackAsync(string source, int least = 3)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();
        await session.GuessAsync(40, apart: TimeSpan.FromMilliseconds(50));
        session.UnknownUsers.Should().BeInRange(least, 8);
        session.HasEnded.Should().BeTrue();
    }
}
