using System.Text.RegularExpressions;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

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
        foreach (var commands in DocumentedCommands.Of("docs/getting-started.md"))
            commands.Run(_guest.Prefix);
        // sendmail refuses connections on a busy machine, which the one that tests run on is.
        _guest.Shell("sed -i 's/^#*O \\(QueueLA\\|RefuseLA\\)=.*/O \\1=1000/; s/^#*O DelayLA=.*/O DelayLA=0/' /etc/mail/sendmail.cf; systemctl restart sendmail");
        await _guest.IsActive();
        _guest.Property("StatusText").Should().Contain("0 blocked now");
        _guest.Said().Should().Contain("the journal is followed").And.Contain("ready: ");
        (await _guest.GuessUntilBlockedAsync("203.0.113.20")).Should().BeInRange(4, 12, "the journal tells of new lines at most four times a second");
        await _guest.Blocks("203.0.113.20");
        _guest.Said().Should().Contain("blocked 203.0.113.20 until ");
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
            _guest.Run("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "logger", "-t", "sm-mta", "6ANHntrU000042: 198.51.100.10 <joe@example.org>... User unknown");
        await Eventually.IsTrue(() => _guest.Said().Contains("as user 65534 logged them", StringComparison.Ordinal), "forged entries are told", TimeSpan.FromMinutes(1));
        _guest.Drops("198.51.100.10").Should().BeFalse();
    }

    [Test, Order(4)]
    public void The_sandbox_is_tight()
    {
        var verdict = _guest.Run("systemd-analyze", "security", "--no-pager", "blocksmtp");
        verdict.Should().MatchRegex(@"Overall exposure level for blocksmtp\.service: [0-2]\.[0-9] OK");
        Page.Find("docs/security.md").Text.Should().Contain(Regex.Match(verdict, @"[0-9]\.[0-9] OK").Value, "the page has the figure that systemd-analyze prints");
    }

    [Test, Order(5)]
    public async Task A_reload_takes_a_new_white_list_over_and_lets_the_trusted_in()
    {
        _guest.Shell("echo 203.0.113.20 >>/etc/blocksmtp/whitelist; systemctl reload blocksmtp");
        await Eventually.IsTrue(() => !_guest.Drops("203.0.113.20"), "the trusted host is let in", TimeSpan.FromMinutes(1));
        await _guest.IsActive();
        _guest.Drops("2001:db8::a:21").Should().BeTrue("nobody else is");
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
    public async Task One_that_hangs_is_ended_by_the_watchdog_and_started_again()
    {
        _guest.Shell("""
            mkdir -p /run/systemd/system/blocksmtp.service.d
            printf '[Service]\nWatchdogSec=3s\n' >/run/systemd/system/blocksmtp.service.d/short.conf
            systemctl daemon-reload
            systemctl restart blocksmtp
            kill -STOP "$(systemctl show --value --property MainPID blocksmtp)"
            """);
        await Eventually.IsTrue(() => _guest.Said().Contains("Watchdog timeout", StringComparison.Ordinal), "the watchdog sees it", TimeSpan.FromMinutes(1));
        await _guest.IsActive();
        _guest.Shell("rm -r /run/systemd/system/blocksmtp.service.d; systemctl daemon-reload; systemctl restart blocksmtp");
    }

    [Test, Order(8)]
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

    [Test, Order(9)]
    [RunsCommandsOf("docs/operations.md"), RunsCommandsOf("docs/security.md"), RunsCommandsOf("docs/migration.md")]
    [RunsCommandsOf("packaging/deb/debian/blocksmtp.README.Debian")]
    public async Task The_commands_on_the_other_pages_for_administrators_can_be_run()
    {
        foreach (var page in new[] { "docs/operations.md", "docs/security.md", "docs/migration.md", "packaging/deb/debian/blocksmtp.README.Debian" })
        {
            foreach (var commands in DocumentedCommands.Of(page))
                commands.Run(_guest.Prefix);
        }

        await _guest.IsActive();
    }

    [Test, Order(10)]
    public async Task A_removal_stops_it_and_takes_the_rules_away()
    {
        await _guest.GuessUntilBlockedAsync("203.0.113.23");
        await _guest.Blocks("203.0.113.23");
        _guest.Run("apt-get", "-y", "remove", "blocksmtp");
        _guest.Rules().Should().BeEmpty();
        _guest.Run("cat", "/etc/blocksmtp/whitelist").Should().Contain("203.0.113.20", "what the administrator wrote stays");
    }

    [Test, Order(11)]
    public void A_purge_leaves_nothing()
    {
        _guest.Run("apt-get", "-y", "purge", "blocksmtp");
        _guest.Run("find", "/", "-xdev", "-name", "*blocksmtp*", "-not", "-path", "/root/*", "-not", "-path", "/var/log/*").Should().BeEmpty();
        _guest.Try("systemctl", "list-unit-files", "--no-legend", "blocksmtp*").Output.Should().BeEmpty();
    }
}
