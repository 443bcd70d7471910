namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Who must never be blocked, whatever others do.</summary>
[TestFixture(9)]
[TestFixture(14)]
internal sealed class BystandersTests(int logLevel)
{
    private const string Friend = "198.51.100.10";
    private const string NamesFriend = "relay=mx.friendly.example [198.51.100.10]";

    private SendmailLab _lab = null!;
    private WhiteListFile _whiteList = null!;
    private BlockSmtpDaemon _daemon = null!;

    [OneTimeSetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(new LabSettings { LogLevel = logLevel, Throttle = 0 });
        _whiteList = new WhiteListFile("# trusted", "203.0.113.96/29", "2001:db8::a:6000/116");
        _daemon = await BlockSmtpDaemon.StartAsync(_lab, "--max-offenses=3", _whiteList.Option);
    }

    [OneTimeTearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _whiteList?.Dispose();
        _lab?.Dispose();
    }

    [TestCase("203.0.113.97", "203.0.113.60")]
    [TestCase("2001:db8::a:6001", "203.0.113.61")]
    public async Task A_white_listed_host_may_guess_all_day(string source, string marker)
    {
        await using var session = await _lab.ConnectAsync(source);
        await session.BeginAsync();

        await session.GuessAsync(20);

        await _daemon.HasJudgedAllUntilNow(marker);
        session.UnknownUsers.Should().Be(20);
        session.HasEnded.Should().BeFalse();
        _lab.Drops(source).Should().BeFalse();
    }

    [Test]
    public async Task A_sender_with_one_typing_error()
    {
        await using var session = await _lab.ConnectAsync("198.51.100.20");
        await session.SayAsync("EHLO client.example");

        await session.MailAsync("friend@friendly.example", "alicce@example.org", "alice@example.org");

        await Spares("198.51.100.20", "203.0.113.62");
        session.UnknownUsers.Should().Be(1);
        session.HasEnded.Should().BeFalse();
    }

    [Test]
    public async Task A_mailing_list_with_two_names_that_are_out_of_date()
    {
        await using var session = await _lab.ConnectAsync("198.51.100.21");
        await session.SayAsync("EHLO lists.example");

        await session.MailAsync(
            "news@lists.example", "alice@example.org", "left1@example.org", "bob@example.org", "left2@example.org", "carol@example.org");

        await Spares("198.51.100.21", "203.0.113.63");
        session.UnknownUsers.Should().Be(2);
    }

    [Test]
    public async Task A_sender_whose_mail_is_taken_and_bounces_off_an_alias_out_of_date()
    {
        await using var session = await _lab.ConnectAsync("198.51.100.22");
        await session.SayAsync("EHLO client.example");

        for (var i = 0; i < 5; i++)
            await session.MailAsync("alice@example.org", "former@example.org");
        await Eventually.IsTrue(
            () => _lab.Log().Count(line => line.EndsWith("stat=User unknown", StringComparison.Ordinal)) >= 5, "the mail has bounced");

        await Spares("198.51.100.22", "203.0.113.64");
        session.UnknownUsers.Should().Be(0);
    }

    [Test]
    public async Task A_host_that_asks_for_relaying()
    {
        await using var session = await _lab.ConnectAsync("198.51.100.23");
        await session.BeginAsync();

        for (var i = 0; i < 5; i++)
            await session.SayAsync($"RCPT TO:<\"... User unknown\"@elsewhere{i}.example>");

        await Spares("198.51.100.23", "203.0.113.65");
    }

    [TestCase(70, $"RCPT TO:<\"bob>... User unknown, {NamesFriend}\"@example.org>")]
    [TestCase(71, $"RCPT TO:<\"mx.friendly.example [{Friend}]: Possible SMTP RCPT flood, throttling.\"@example.org>")]
    [TestCase(
        72, $"RCPT TO:<\"6ANAAAAA000001: from=<e@f>, size=0, class=0, nrcpts=0, proto=SMTP, daemon=MTA-v4, {NamesFriend}\"@example.org>")]
    [TestCase(
        73,
        $"RCPT TO:<\"x]: 6ANAAAAA000001: ruleset=check_rcpt, arg1=<y>, {NamesFriend}, reject=550 5.1.1 <y>... User unknown\"@example.org>")]
    public async Task A_host_that_a_guesser_names_in_its_recipients(int host, string recipient)
    {
        await using (var friend = await _lab.ConnectAsync(Friend))
        await using (var injector = await _lab.ConnectAsync($"203.0.113.{host}"))
        {
            await friend.BeginAsync();
            await injector.BeginAsync($"\"e@f>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, {NamesFriend}\"@sender.example");
            for (var i = 0; i < 6; i++)
                await injector.SayAsync(recipient);
            await injector.QuitAsync();

            await Spares(Friend, $"203.0.113.{host + 10}");
            (await friend.SayAsync("NOOP")).Should().StartWith("250 ");
            injector.Exchanges.Should().Contain(exchange => exchange.Reply != null && exchange.Reply.EndsWith("User unknown"));
        }

        await _daemon.Blocks($"203.0.113.{host}");
    }

    private async Task Spares(string address, string marker)
    {
        await _daemon.HasJudgedAllUntilNow(marker);
        _lab.Drops(address).Should().BeFalse();
        (await _lab.AcceptsAsync(address)).Should().BeTrue();
    }
}
