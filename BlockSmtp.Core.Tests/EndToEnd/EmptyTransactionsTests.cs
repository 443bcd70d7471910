namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A client that fills the real sendmail's log with transactions without a message, so that what others guess is dropped from it.
/// </summary>
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

    [TestCase("MAIL FROM:<someone@sender.example>", "RSET")]
    [TestCase("MAIL FROM:<someone@sender.example>", "RCPT TO:<box1@example.org>", "RSET")]
    [TestCase("MAIL FROM:<someone@sender.example> SIZE=1000", "RSET")]
    [TestCase("MAIL FROM:<someone@sender.example>", "RCPT TO:<same@example.org>", "RSET")]
    [TestCase("MAIL FROM:<someone@sender.example>", "RCPT TO:<same@example.org>", "RCPT TO:<box1@example.org>", "RSET")]
    [TestCase("MAIL FROM:<>", "RCPT TO:<box1@example.org>", "RCPT TO:<box2@example.org>", "RSET")]
    public async Task Who_makes_hundreds_of_them_is_blocked_and_cut_off_and_who_makes_fewer_is_not(params string[] transaction)
    {
        await using var daemon = await BlockSmtpDaemon.StartAsync(_lab, "--max-empty-transactions=100");
        await DeliverAsync(Flooder, recipients: 1);
        await using var usual = await _lab.ConnectAsync(Usual);
        await usual.SayAsync("EHLO mail.usual.example");
        await Empty(usual, 100, transaction);
        await using var flooder = await _lab.ConnectAsync(Flooder);
        await flooder.SayAsync("EHLO flooder.example");

        await Empty(flooder, 400, transaction);

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
        await DeliverAsync(ProviderAndGuesser.Provider, recipients: 10);

        await Empty(provider, 400, "MAIL FROM:<someone@sender.example>", "RSET");

        await daemon.HasJudgedAllUntilNow("203.0.113.73");
        provider.HasEnded.Should().BeFalse();
        _lab.Drops(ProviderAndGuesser.Provider).Should().BeFalse();
    }

    private async Task DeliverAsync(string host, int recipients)
    {
        await using var session = await _lab.ConnectAsync(host);
        await session.SayAsync("EHLO mail.provider.example");
        for (var i = 1; i <= recipients; i++)
            await session.MailAsync("customer@provider.example", $"box{i}@example.org");
        await _lab.HasDeliveredTo(recipients);
    }

    private static async Task Empty(SmtpSession session, int times, params string[] transaction)
    {
        for (var i = 0; i < times && !session.HasEnded; i += 20)
            await session.PipelineAsync([.. Enumerable.Repeat(transaction, 20).SelectMany(lines => lines)]);
    }
}
