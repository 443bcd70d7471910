using System.Globalization;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>The page for those who come from the Perl version, on a machine as that one left it.</summary>
[NonParallelizable]
internal sealed class MigrationTests
{
    private const string Page = "docs/migration.md", Log = "/var/log/messages", Trusted = "203.0.113.60", Guesser = "203.0.113.61";

    private DebianGuest _guest = null!;

    [SetUp]
    public void Boot()
    {
        _guest = new DebianGuest();
        _guest.Copy(GuestSetup.OldPackage);
        _guest.Shell($"""
            mv /root/{Path.GetFileName(GuestSetup.OldPackage)} /root/blocksmtp.deb
            mkdir -p /etc/mail
            echo {Trusted} >/etc/mail/whitelist
            echo 'bs:2345:respawn:/usr/local/sbin/blocksmtp --debug=1 --white-list=/etc/mail/whitelist' >/etc/inittab
            echo >{Log}
            """);
    }

    [TearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, RunsCommandsOf(Page)]
    public async Task It_is_seen_at_work_beside_the_old_one_and_takes_its_white_list_over()
    {
        var commands = DocumentedCommands.Of(Page);
        commands.Should().HaveCount(3, "they try it, take the old one out, and install the new one");

        await using (var trial = commands[0].Start(_guest.Prefix))
        {
            await trial.UntilItSays($"following {Log}");
            Guess(Trusted, 5_000_001);
            Guess(Guesser, 5_000_002);
            await trial.UntilItSays($"would block {Guesser}/32");
            trial.Said.Should().Contain($"not blocked {Trusted}");
            // Ctrl+C goes to all that the terminal runs.
            _guest.Run("pkill", "-INT", "-x", "blocksmtp");
            (await trial.EndsAsync()).Should().Be(0);
        }

        commands[1].Run(_guest.Prefix);
        _guest.Run("cat", "/etc/inittab").Should().BeEmpty();

        commands[2].Run(_guest.Prefix);
        await _guest.IsActive();
        _guest.Run("blocksmtp", "why", Trusted).Should().Contain("/etc/blocksmtp/whitelist:1");
    }

    /// <summary>As sendmail logs four wrong guesses, in a process that there is not.</summary>
    private void Guess(string host, int process)
    {
        var lines = new LogText().Unknown(process, 4).End(process, host).ToString();
        _guest.Run("bash", "-c", string.Create(CultureInfo.InvariantCulture, $"printf %s \"$1\" >>{Log}"), "bash", lines);
    }
}
