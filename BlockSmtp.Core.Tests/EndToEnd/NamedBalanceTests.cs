namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The rule that is the default, beside a real Postfix and a real Exim: who delivers is let through, who guesses is not.</summary>
[TestFixture(Mailer.Postfix)]
[TestFixture(Mailer.Exim)]
internal sealed class NamedBalanceTests(Mailer mailer)
{
    private const string Provider = ProviderAndGuesser.Provider;
    private const string Guesser = ProviderAndGuesser.Guesser;

    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    [SetUp]
    public async Task StartDaemon()
    {
        _lab = SendmailLab.Start(new LabSettings { Mailer = mailer });
        _daemon = await BlockSmtpDaemon.StartAsync(_lab);
    }

    [TearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [Test]
    public async Task A_provider_with_80_right_and_6_wrong_recipients_is_let_through_and_a_guesser_in_between_is_cut_off_at_the_fourth()
    {
        await using var provider = await _lab.ConnectAsync(Provider);
        await provider.SayAsync("EHLO mail.provider.example");
        await ProviderAndGuesser.MeetAsync(_lab, _daemon, provider, DeliverAsync);
    }

    [Test]
    public async Task Bounces_to_twenty_forged_names_block_nobody()
    {
        for (var i = 1; i <= 20; i++)
        {
            await using var bouncing = await _lab.ConnectAsync(Provider);
            await bouncing.SayAsync("EHLO mail.provider.example");
            await bouncing.SayAsync("MAIL FROM:<>");
            await bouncing.SayAsync($"RCPT TO:<forged{i}@example.org>");
            bouncing.UnknownUsers.Should().Be(1);
            await bouncing.QuitAsync();
        }

        await _daemon.HasJudgedAllUntilNow("203.0.113.62");
        _lab.Drops(Provider).Should().BeFalse();
        _daemon.Output.Should().NotContain(line => line.Contains($"blocked {Provider}", StringComparison.Ordinal));
    }

    [Test]
    public async Task Bounces_in_one_session_shut_nobody_out()
    {
        await using (var bouncing = await _lab.ConnectAsync(Provider))
        {
            await bouncing.SayAsync("EHLO mail.provider.example");
            for (var i = 1; i <= 20; i++)
                await bouncing.BounceAsync($"forged{i}@example.org");
        }

        await _daemon.HasJudgedAllUntilNow("203.0.113.63");
        // Of Postfix's log it is known only when the session ends that each was a message of its own.
        if (mailer == Mailer.Postfix)
            await _daemon.Releases(Provider);
        (await _lab.AcceptsAsync(Provider)).Should().BeTrue();
    }

    [Test]
    public async Task A_guesser_who_says_that_it_bounces_is_cut_off_where_the_log_can_tell()
    {
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.BeginAsync(sender: "");

        await session.GuessAsync(8, apart: TimeSpan.FromMilliseconds(50));

        if (mailer == Mailer.Postfix)
        {
            session.UnknownUsers.Should().BeInRange(4, 5);
            await _daemon.HasJudgedAllUntilNow("203.0.113.64");
            _lab.Drops(Guesser).Should().BeTrue("all were tried for one message");
        }
        else
            session.UnknownUsers.Should().Be(8, "nothing tells it from a server that bounces one message each");
    }

    /// <summary>
    /// Sends a message to each of some boxes. Exim delivers no more than ten of a session at once (smtp_accept_queue_per_connection).
    /// </summary>
    private async Task DeliverAsync(int first, int last)
    {
        foreach (var boxes in Enumerable.Range(first, last - first + 1).Chunk(10))
        {
            await using var session = await _lab.ConnectAsync(Provider);
            await session.SayAsync("EHLO mail.provider.example");
            foreach (var box in boxes)
                await session.MailAsync("customer@provider.example", $"box{box}@example.org");
            await session.QuitAsync();
        }

        await DeliveredTo(last);
    }

    private Task DeliveredTo(int recipients)
    {
        var delivered = mailer == Mailer.Postfix ? ", status=sent (" : " => ";
        return Eventually.IsTrue(
            () => _lab.Log().Count(line => line.Contains(delivered, StringComparison.Ordinal)) >= recipients, "the mail is delivered");
    }
}
