using System.Text.RegularExpressions;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// The life of the package on a clean Debian with a real systemd, one step after the other as it is for an administrator: the
/// commands of the page docs/getting-started.md first, then what time brings.
/// </summary>
[NonParallelizable]
public sealed class PackageTests
{
    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public void Boot()
    {
        _guest = new DebianGuest();
        _guest.Copy(GuestSetup.OldPackage, GuestSetup.NewPackage);
        _guest.Run("cp", $"/root/{Path.GetFileName(GuestSetup.OldPackage)}", "/root/blocksmtp.deb");
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(1), RunsCommandsOf("docs/getting-started.md")]
    public async Task Whoever_follows_the_page_for_beginners_has_a_guarded_mail_server()
    {
        var commands = DocumentedCommands.Of("docs/getting-started.md");
        foreach (var block in commands.SkipLast(1))
            block.Run(_guest.Prefix);
        _guest.TakeConnectionsUnderLoad();
        await _guest.IsActive();
        _guest.Property("StatusText").Should().Contain("0 blocked now");
        _guest.Said().Should().Contain("the journal is followed").And.Contain("ready: ");
        (await _guest.GuessUntilBlockedAsync("203.0.113.20")).Should().BeInRange(
            3, 12, "the journal tells of new lines at most four times a second; the last answer may be overtaken by the block");
        await _guest.Blocks("203.0.113.20");
        _guest.Said().Should().Contain("blocked 203.0.113.20 until ");

        commands[^1].Run(_guest.Prefix).Should().Contain("203.0.113.20 is blocked until ").And.Contain("found by  the live connection");
        await Eventually.IsTrue(() => !_guest.Drops("203.0.113.20"), "the host of the page is let in", TimeSpan.FromMinutes(1));
        (await _guest.GuessUntilBlockedAsync("203.0.113.20")).Should().BeInRange(3, 12);
        await _guest.Blocks("203.0.113.20");
    }

    [Test, Order(2)]
    public async Task What_the_page_for_beginners_types_at_the_mail_server_ends_as_it_says()
    {
        var typed = Page.Find("docs/getting-started.md")
            .Blocks.Single(block => block.Text.StartsWith("EHLO", StringComparison.Ordinal))
            .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using var session = await _guest.ConnectAsync("203.0.113.19");
        foreach (var line in typed)
            await session.SayAsync(line);
        session.UnknownUsers.Should().BeInRange(3, 4, "the last answer may be overtaken by the block");
        await _guest.Blocks("203.0.113.19");
    }

    [Test, Order(2)]
    public async Task A_client_of_IPv6_is_blocked_too()
    {
        await _guest.GuessUntilBlockedAsync("2001:db8::a:21");
        await _guest.Blocks("2001:db8::a:21");
    }

    [Test, Order(3)]
    public async Task Nobody_but_root_can_log_in_the_name_of_the_mail_server()
    {
        for (var i = 0; i < 5; i++)
            _guest.Run(
                "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "logger", "-t", "sm-mta",
                "6ANHntrU000042: 198.51.100.10 <joe@example.org>... User unknown");
        await Eventually.IsTrue(
            () => _guest.Said().Contains("as user 65534 logged them", StringComparison.Ordinal),
            "forged entries are told",
            TimeSpan.FromMinutes(1));
        _guest.Drops("198.51.100.10").Should().BeFalse();
    }

    [Test, Order(4), RunsCommandsOf("docs/security.md")]
    public void The_sandbox_is_tight()
    {
        var verdict = _guest.RunPage("docs/security.md");
        verdict.Should().MatchRegex(@"Overall exposure level for blocksmtp\.service: [0-2]\.[0-9] OK");
        Page.Find("docs/security.md").Text.Should().Contain(
            Regex.Match(verdict, @"[0-9]\.[0-9] OK").Value, "the page has the figure that systemd-analyze prints");
    }

    [Test, Order(5)]
    public async Task A_reload_takes_a_new_white_list_over_and_lets_the_trusted_in()
    {
        _guest.Shell("echo 203.0.113.20 >>/etc/blocksmtp/whitelist; systemctl reload blocksmtp");
        await Eventually.IsTrue(() => !_guest.Drops("203.0.113.20"), "the trusted host is let in", TimeSpan.FromMinutes(1));
        await _guest.IsActive();
        _guest.Drops("2001:db8::a:21").Should().BeTrue("nobody else is");
        _guest.Run("blocksmtp", "reload").Should().Contain("no option");
    }

    [Test, Order(5)]
    public async Task systemd_knows_that_it_reloads_until_it_has()
    {
        // A white-list that takes its time: whoever reads it waits for somebody who writes.
        _guest.Shell("""
            mkfifo /etc/blocksmtp/slow
            sed -i 's|^white-list = .*|white-list = /etc/blocksmtp/slow|' /etc/blocksmtp/blocksmtp.conf
            systemctl reload --no-block blocksmtp
            """);
        await Eventually.IsTrue(
            () => _guest.Property("ActiveState") == "reloading", $"it is reloading; it said:\n{_guest.Said()}", TimeSpan.FromMinutes(1));
        _guest.Shell("cat /etc/blocksmtp/whitelist >/etc/blocksmtp/slow");
        await _guest.IsActive();
        _guest.Shell("""
            sed -i 's|^white-list = .*|white-list = /etc/blocksmtp/whitelist|' /etc/blocksmtp/blocksmtp.conf
            rm /etc/blocksmtp/slow
            systemctl reload blocksmtp
            """);
        await _guest.IsActive();
        _guest.Drops("2001:db8::a:21").Should().BeTrue("nobody was let in");
    }

    [Test, Order(6)]
    public async Task After_a_crash_systemd_starts_it_again_and_it_guards_on()
    {
        _guest.Shell("systemctl kill --signal=KILL blocksmtp");
        await Eventually.IsTrue(() => _guest.Property("NRestarts") == "1", "it was started again", TimeSpan.FromMinutes(1));
        await _guest.IsActive();
        await _guest.GuessUntilBlockedAsync("203.0.113.22");
        await _guest.Blocks("203.0.113.22");
    }

    [Test, Order(7)]
    public async Task However_often_it_crashes_it_is_started_again()
    {
        // Faster than the unit has it, so that it is more often than systemd starts a service by default: five times in ten seconds.
        RestartWith("RestartSec=100ms");
        _guest.Shell("""
            for i in 1 2 3 4 5 6 7; do
              old=$(systemctl show --value --property MainPID blocksmtp)
              kill -KILL "$old"
              for wait in $(seq 200); do
                new=$(systemctl show --value --property MainPID blocksmtp)
                [ "$new" = 0 ] || [ "$new" = "$old" ] || break
                sleep 0.05
              done
            done
            """);
        await _guest.IsActive();
        _guest.Property("NRestarts").Should().Be("7");
        await _guest.Blocks("203.0.113.22");
        RestartAsItIs();
    }

    [Test, Order(8)]
    public async Task One_that_hangs_is_ended_by_the_watchdog_and_started_again()
    {
        RestartWith("WatchdogSec=3s");
        _guest.Shell("kill -STOP \"$(systemctl show --value --property MainPID blocksmtp)\"");
        await Eventually.IsTrue(
            () => _guest.Said().Contains("Watchdog timeout", StringComparison.Ordinal), "the watchdog sees it", TimeSpan.FromMinutes(1));
        await _guest.IsActive();
        RestartAsItIs();
    }

    [Test, Order(9)]
    public async Task An_upgrade_keeps_the_configuration_and_who_is_blocked()
    {
        await _guest.Blocks("203.0.113.22");
        _guest.Run("apt-get", "-y", "install", $"/root/{Path.GetFileName(GuestSetup.NewPackage)}");
        await _guest.IsActive();
        _guest.Run("dpkg-query", "-W", "-f", "${Version}", "blocksmtp").Should().Be(GuestSetup.NewVersion);
        _guest.Run("cat", "/etc/blocksmtp/whitelist").Should().Contain("\n203.0.113.20\n");
        await _guest.Blocks("203.0.113.22");
        await _guest.Blocks("2001:db8::a:21");
    }

    [Test, Order(10)]
    public async Task After_a_reboot_it_guards_by_itself_and_knows_who_was_blocked()
    {
        _guest.Reboot();
        await _guest.IsActive();
        await _guest.Blocks("203.0.113.22");
        await _guest.Blocks("2001:db8::a:21");
        await _guest.GuessUntilBlockedAsync("203.0.113.24");
        await _guest.Blocks("203.0.113.24");
    }

    [Test, Order(11)]
    public async Task A_removal_stops_it_and_takes_the_rules_away()
    {
        await _guest.GuessUntilBlockedAsync("203.0.113.23");
        await _guest.Blocks("203.0.113.23");
        _guest.Run("apt-get", "-y", "remove", "blocksmtp");
        _guest.Rules().Should().BeEmpty();
        _guest.Run("cat", "/etc/blocksmtp/whitelist").Should().Contain("203.0.113.20", "what the administrator wrote stays");
    }

    [Test, Order(12)]
    public void A_purge_leaves_nothing()
    {
        _guest.Run("apt-get", "-y", "purge", "blocksmtp");
        _guest.FilesOfIt().Should().BeEmpty();
        _guest.Try("systemctl", "list-unit-files", "--no-legend", "blocksmtp*").Output.Should().BeEmpty();
    }

    /// <summary>Restarts the service with a setting that is not the unit's.</summary>
    private void RestartWith(string setting) => _guest.Shell($"""
        mkdir -p /run/systemd/system/blocksmtp.service.d
        printf '[Service]\n{setting}\n' >/run/systemd/system/blocksmtp.service.d/test.conf
        systemctl daemon-reload
        systemctl restart blocksmtp
        """);

    private void RestartAsItIs() =>
        _guest.Shell("rm -r /run/systemd/system/blocksmtp.service.d; systemctl daemon-reload; systemctl restart blocksmtp");
}
