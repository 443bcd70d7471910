namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A client that fills the real sendmail's log with transactions without a recipient, so that what others guess is dropped from it.</summary>
[TestFixture]
internal sealed class EmptyTransactionsTests
{
    private const string Flooder = "203.0.113.71";
    private const string Usual = "203.0.113.72";

    private SendmailLab _lab = null!;

    [SetUp]
    public void StartSendmail() => _lab = SendmailLab.Start(new LabSettings { Throttle = 0 });

    [TearDown]
    public void EndSendmail() => _lab?.Dispose();

    [Test]
    public async Task Who_makes_hundreds_of_them_is_blocked_and_cut_off_and_who_makes_fewer_is_not()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--max-empty-transactions=100");
        await using var usual = await _lab.ConnectAsync(Usual);
        await usual.SayAsync("EHLO mail.usual.example");
        await Empty(usual, 100);
        await using var flooder = await _lab.ConnectAsync(Flooder);
        await flooder.SayAsync("EHLO flooder.example");

        await Empty(flooder, 400);

        await daemon.Says($"blocked {Flooder}");
        await daemon.Blocks(Flooder);
        await flooder.WaitForEndAsync(TimeSpan.FromSeconds(10));
        flooder.HasEnded.Should().BeTrue();
        await daemon.HasJudgedAllUntilNow("203.0.113.73");
        usual.HasEnded.Should().BeFalse();
        _lab.Drops(Usual).Should().BeFalse();
    }

    [Test]
    public async Task Who_delivers_mail_may_make_as_many_as_it_likes()
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--max-empty-transactions=100");
        await using var provider = await _lab.ConnectAsync(ProviderAndGuesser.Provider);
        await provider.SayAsync("EHLO mail.provider.example");
        await provider.MailAsync("customer@provider.example", "box1@example.org");
        await Eventually.IsTrue(() => _lab.Log().Any(line => line.EndsWith("stat=Sent", StringComparison.Ordinal)), "the mail is delivered");

        await Empty(provider, 400);

        await daemon.HasJudgedAllUntilNow("203.0.113.73");
        provider.HasEnded.Should().BeFalse();
        _lab.Drops(ProviderAndGuesser.Provider).Should().BeFalse();
    }

    private static async Task Empty(SmtpSession session, int times)
    {
        for (var i = 0; i < times && !session.HasEnded; i += 20)
            await session.PipelineAsync([.. Enumerable.Repeat<string[]>(["MAIL FROM:<someone@sender.example>", "RSET"], 20).SelectMany(lines => lines)]);
    }
}
