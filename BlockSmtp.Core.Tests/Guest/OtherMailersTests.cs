using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// The package beside Debian's own Postfix and Exim, as they are installed: nothing of it has to be told which mail server there is, nor
/// where its log is. Postfix logs to the journal there, as a user of its own; Exim to a file of its own.
/// </summary>
[TestFixture(Mailer.Postfix, "203.0.113.30", "2001:db8::a:30")]
[TestFixture(Mailer.Exim, "203.0.113.31", "2001:db8::a:31")]
[NonParallelizable]
public sealed class OtherMailersTests(Mailer mailer, string guesser, string guesserV6)
{
    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public void Boot()
    {
        _guest = new DebianGuest();
        _guest.Run("apt-get", "-y", "--no-install-recommends", "install", mailer == Mailer.Postfix ? "postfix" : "exim4-daemon-light");
        // Debian's Exim listens to its own machine only, as its sendmail does.
        if (mailer == Mailer.Exim)
        {
            _guest.Shell("""
                sed -i "s/^dc_eximconfig_configtype=.*/dc_eximconfig_configtype='internet'/; s/^dc_other_hostnames=.*/dc_other_hostnames='mail1.example.org'/; s/^dc_local_interfaces=.*/dc_local_interfaces=''/" /etc/exim4/update-exim4.conf.conf
                update-exim4.conf
                systemctl restart exim4
                """);
        }

        _guest.Copy(GuestSetup.OldPackage);
        var (exitCode, output, errors) = _guest.Try(
            "apt-get", "-y", "--no-install-recommends", "install", $"/root/{Path.GetFileName(GuestSetup.OldPackage)}");
        exitCode.Should().Be(0, errors);
        (output + errors).Should().NotContain("blocksmtp: ", "nothing is missing");
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(1)]
    public async Task A_guesser_is_blocked_and_its_session_ended()
    {
        await _guest.IsActive();

        foreach (var source in new[] { guesser, guesserV6 })
        {
            (await _guest.GuessUntilBlockedAsync(source, "someone@sender.example"))
                .Should().BeInRange(3, 15, "the journal tells of new lines at most four times a second");
            await _guest.Blocks(source);
            await Eventually.IsTrue(
                () => _guest.Said().Contains($"ended session of {source}", StringComparison.Ordinal),
                $"its session is ended; the service said:\n{_guest.Said()}",
                TimeSpan.FromMinutes(1));
        }

        _guest.Run("blocksmtp", "why", guesser)
            .Should().Contain($"{guesser} is blocked until ").And.Contain($"the line itself, in {mailer}'s log");
    }

    [Test, Order(2)]
    public async Task Who_mistypes_once_goes_on()
    {
        await using var session = await _guest.ConnectAsync("203.0.113.32");
        await session.BeginAsync("someone@sender.example");
        await session.SayAsync("RCPT TO:<mistyped@mail1.example.org>");
        session.UnknownUsers.Should().Be(1);
        (await session.SayAsync("RCPT TO:<root@mail1.example.org>")).Should().StartWith("250 ");
        await session.QuitAsync();
    }

    [Test, Order(3)]
    public void The_check_names_the_mail_server()
    {
        var check = _guest.Try("blocksmtp", "check");

        (check.Output + check.Errors)
            .Should().MatchRegex($@"(?m)ok +log +(the journal|/var/log/exim4/mainlog): .* lines are of {mailer}: [1-9]\d* wrong guesses");
    }
}
