using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// A Debian whose PID 1 is sysvinit, with syslog and sendmail: the script at boot, then the line of README.Debian in /etc/inittab.
/// </summary>
[NonParallelizable]
public sealed class SysvinitTests
{
    private const string Process = "/usr/sbin/blocksmtp daemon";

    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public void Boot() => _guest = new DebianGuest("init=sysvinit");

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(1)]
    public async Task The_package_starts_it_and_a_guesser_is_blocked()
    {
        _guest.Run("readlink", "-f", "/proc/1/exe").Trim().Should().EndWith("/sbin/init");
        _guest.Run("cat", "/proc/1/comm").Trim().Should().Be("init");
        _guest.Install(GuestSetup.OldPackage, "sendmail-bin");
        _guest.OpenMailServer();
        _guest.Run("service", "blocksmtp", "status").Should().Contain("is running");
        await GuessesAreStopped("203.0.113.40");
        _guest.Said().Should().Contain("following /var/log/mail.log").And.Contain("blocked 203.0.113.40 until ");
    }

    [Test, Order(2)]
    public async Task A_stop_takes_the_rules_away_and_a_start_brings_them_back()
    {
        _guest.Run("service", "blocksmtp", "stop");
        _guest.Rules().Should().BeEmpty();
        _guest.Run("service", "blocksmtp", "start");
        await _guest.Blocks("203.0.113.40");
    }

    [Test, Order(3)]
    public async Task It_is_started_at_boot()
    {
        _guest.Reboot();
        _guest.Run("runlevel").Trim().Should().EndWith("2");
        _guest.Run("service", "blocksmtp", "status").Should().Contain("is running");
        await _guest.Blocks("203.0.113.40");
        await GuessesAreStopped("203.0.113.41");
    }

    [Test, Order(4)]
    public async Task Another_run_level_stops_it()
    {
        _guest.Run("telinit", "1");
        await Eventually.IsTrue(
            () => Processes().Length == 0 && _guest.Rules().Length == 0, "nothing of it is left in run level 1", TimeSpan.FromMinutes(1));
        _guest.Run("telinit", "2");
        await _guest.Blocks("203.0.113.41");
    }

    [Test, Order(5), RunsCommandsOf(DebianReadme.Name, "Without systemd")]
    public async Task init_watches_over_it_by_the_line_of_README_Debian_also_over_an_upgrade()
    {
        var commands = DocumentedCommands.Of(DebianReadme.Name, "Without systemd");
        commands.Should().HaveCount(3, "they switch the script off, have init read its table, and end the program after an upgrade");
        commands[0].Run(_guest.Prefix);
        Processes().Should().BeEmpty();
        _guest.Shell($"echo '{DebianReadme.Lines("Without systemd").Single()}' >>/etc/inittab");
        commands[1].Run(_guest.Prefix);
        await _guest.Blocks("203.0.113.40");
        await GuessesAreStopped("203.0.113.42");

        var first = Processes().Should().ContainSingle().Subject;
        _guest.Run("kill", "-KILL", first);
        await Eventually.IsTrue(() => Processes() is [var next] && next != first, "init starts another one", TimeSpan.FromMinutes(1));
        await _guest.Blocks("203.0.113.42");
        await GuessesAreStopped("203.0.113.43");

        _guest.Install(GuestSetup.NewPackage);
        var old = Processes().Should().ContainSingle("the script is switched off").Subject;
        commands[2].Run(_guest.Prefix);
        await Eventually.IsTrue(() => Processes() is [var next] && next != old, "init starts the new program", TimeSpan.FromMinutes(1));
        await _guest.Blocks("203.0.113.43");
        _guest.Run("readlink", $"/proc/{Processes()[0]}/exe").Should().NotContain("deleted");
    }

    [Test, Order(6)]
    public async Task Without_the_line_init_stops_it()
    {
        _guest.Shell("sed -i '/^bs:/d' /etc/inittab; telinit q");
        await Eventually.IsTrue(() => Processes().Length == 0, "it is gone", TimeSpan.FromMinutes(1));
        _guest.Rules().Should().BeEmpty("it has taken its rules away");
    }

    [Test, Order(7)]
    public void A_purge_leaves_nothing()
    {
        _guest.Run("find", "/etc", "-path", "/etc/rc?.d/*blocksmtp").Should().NotBeEmpty("the run levels have had links to its script");
        _guest.Run("apt-get", "-y", "purge", "blocksmtp");
        _guest.FilesOfIt().Should().BeEmpty("also of the links");
    }

    private string[] Processes() =>
        _guest.Try("pgrep", "-f", "-x", $"{Process}.*").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task GuessesAreStopped(string source)
    {
        (await _guest.GuessUntilBlockedAsync(source)).Should().BeInRange(3, 12);
        await _guest.Blocks(source);
    }
}
