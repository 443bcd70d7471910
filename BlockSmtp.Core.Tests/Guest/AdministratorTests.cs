using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// The commands of the pages for administrators, on a machine with sendmail, syslog and logs of some days, where a guesser is blocked.
/// </summary>
[NonParallelizable]
internal sealed class AdministratorTests
{
    private const string Host = "203.0.113.20";

    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public async Task Boot()
    {
        _guest = new DebianGuest();
        _guest.Copy(Path.Combine(TestContext.CurrentContext.TestDirectory, "Corpus", "data", "sendmail-8.17-loglevel9.log"));
        // Logs of earlier days, as logrotate leaves them.
        _guest.Shell("cp /root/sendmail-8.17-loglevel9.log /var/log/mail.log.1; gzip -c /var/log/mail.log.1 >/var/log/mail.log.2.gz");
        _guest.Run("apt-get", "-y", "--no-install-recommends", "install", "rsyslog", "sendmail-bin");
        _guest.OpenMailServer();
        _guest.Install(GuestSetup.OldPackage, "ipset", "nftables", "sqlite3", "netcat-openbsd", "psmisc");
        await _guest.IsActive();
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [SetUp]
    public async Task BlockTheHost()
    {
        if (!_guest.Drops(Host))
            await _guest.GuessUntilBlockedAsync(Host);
        await _guest.Blocks(Host);
    }

    [Test, RunsCommandsOf("docs/operations.md")]
    public async Task Operations()
    {
        _guest.RunPage("docs/operations.md").Should().Contain(Host).And.Contain("MemoryMax=1073741824");
        await _guest.IsActive();
    }

    [Test, RunsCommandsOf(DebianReadme.Name, "blocksmtp for Debian")]
    public async Task What_README_Debian_begins_with()
    {
        _guest.RunPage(DebianReadme.Name, "blocksmtp for Debian").Should().Contain($"blocked {Host} until ");
        await _guest.IsActive();
    }

    [Test, RunsCommandsOf(DebianReadme.Name, "The first days")]
    public void The_first_days() =>
        _guest.RunPage(DebianReadme.Name, "The first days").Should().MatchRegex("\npolicy=(balance|count)\nmax-offenses=");

    [Test, RunsCommandsOf(DebianReadme.Name, "The log of sendmail")]
    public void The_log_of_sendmail_is_not_limited()
    {
        _guest.RunPage(DebianReadme.Name, "The log of sendmail");

        _guest.Run("systemctl", "show", "--property=LogRateLimitBurst", "sendmail").Trim().Should().Be("LogRateLimitBurst=100000000");
    }

    [Test, RunsCommandsOf("docs/configuration.md")]
    public void Configuration() =>
        _guest.RunPage("docs/configuration.md").Should().MatchRegex("white-list += /etc/blocksmtp/whitelist +.*blocksmtp.conf");

    [Test, RunsCommandsOf("docs/state.md")]
    public void State() =>
        _guest.RunPage("docs/state.md").Should().Contain($"{Host}/32|").And.MatchRegex(@"\d wrong names|again within 1d");

    [Test, RunsCommandsOf("docs/report.md")]
    public void Report()
    {
        _guest.RunPage("docs/report.md");
        _guest.Run("head", "-c", "100", "/root/report.html").Should().StartWith("<!DOCTYPE html>");
    }

    [Test, RunsCommandsOf("docs/control.md")]
    public async Task Control()
    {
        var commands = DocumentedCommands.Of("docs/control.md").Single();
        commands.Run(_guest.Prefix).Should().Be(commands.Shown);
        await Eventually.IsTrue(() => !_guest.Drops(Host), "the host is let in", TimeSpan.FromMinutes(1));
    }
}
