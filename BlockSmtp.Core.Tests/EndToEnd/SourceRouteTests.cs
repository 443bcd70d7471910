using System.Globalization;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Senders and recipients by which the real Postfix has told who there is while nothing was counted: a source route has no quotes in its
/// log, and a sender without a domain is a word.
/// </summary>
[TestFixture]
internal sealed class SourceRouteTests
{
    private const string Guesser = "203.0.113.50";
    private const char Control = '\u0001';

    private static readonly string Ends = string.Concat(Enumerable.Repeat("x\\; from=<y> to=<z", 18));

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private SendmailLab _lab = null!;
    private BlockSmtpDaemon _daemon = null!;

    [TearDown]
    public async Task EndDaemon()
    {
        if (_daemon is not null)
            await _daemon.DisposeAsync();
        _lab?.Dispose();
    }

    [TestCase("a@b.example", "<{0}@example.org>", Description = "nothing special")]
    [TestCase("user", "<{0}@example.org>")]
    [TestCase("u", "<{0}@example.org>")]
    [TestCase("\"No such user here\"", "<{0}@example.org>")]
    [TestCase("a@b.example", "<\"@x{1}:{0}\"@example.org>")]
    [TestCase("a@b.example", "<\"@x\\; from=<z@example.org> to=<:{0}\"@example.org>")]
    [TestCase("a@b.example", "<\"@x> proto=ESMTP helo=<y> to=<:{0}\"@example.org>")]
    [TestCase("\"Recipient address rejected: No such user here\"@b.example", "<{0}@example.org>")]
    [TestCase("a@[IPv6:::1]", "<\"@x\\; from=<y> to=<z:{0}\"@example.org>")]
    [TestCase("a@b.example", "<\"@{2}:{0}\"@example.org>")]
    public async Task Recipients_that_the_words_of_a_site_refuse(string sender, string recipient)
    {
        await StartAsync(new LabSettings { Mailer = Mailer.Postfix, WordsOfSite = true });
        await using var session = await _lab.ConnectAsync(Guesser);
        await session.SayAsync("EHLO x");
        await session.SayAsync($"MAIL FROM:<{sender}>");
        (await session.SayAsync("RCPT TO:<alice@example.org>")).Should().StartWith("250");

        var refused = 0;
        for (var i = 0; i < 15 && !session.HasEnded; i++)
        {
            var name = $"n{(char)('a' + i)}";
            refused += Answers(await session.SayAsync($"RCPT TO:{string.Format(Invariant, recipient, name, Control, Ends)}"), "554 5.7.1");
            await Task.Delay(50);
        }

        refused.Should().BeInRange(3, 6);
        await _daemon.Blocks(Guesser);
    }

    // Of a sender the weight is that of a bounce: some forty are borne.
    [TestCase("<{0}@example.org>", Description = "nothing special")]
    [TestCase("<\"@{1}:{0}\"@example.org>")]
    [TestCase("<\"@x\\; from=<z@example.org>:{0}\"@example.org>")]
    [TestCase("<\"@{2}:{0}\"@example.org>")]
    public async Task Senders_that_are_no_users(string sender)
    {
        // As many as Postfix answers without delay.
        const int OfSession = 9;
        await StartAsync(new LabSettings { Mailer = Mailer.Postfix, KnownSenders = true });

        var refused = 0;
        for (var i = 0; i < 10 && !_lab.Drops(Guesser); i++)
        {
            await using var session = await _lab.ConnectAsync(Guesser);
            await session.SayAsync("EHLO x");
            for (var j = 0; j < OfSession && !session.HasEnded; j++)
            {
                var name = $"n{(char)('a' + i)}{(char)('a' + j)}";
                await session.SayAsync($"MAIL FROM:{string.Format(Invariant, sender, name, Control, Ends)}");
                refused += Answers(await session.SayAsync("RCPT TO:<alice@example.org>"), "550 5.1.0");
                await session.SayAsync("RSET");
            }

            // Else the next connection might be tried just before the rule is there, and wait for its end.
            await Task.Delay(300);
        }

        refused.Should().BeInRange(20, 60);
        await _daemon.Blocks(Guesser);
    }

    private async Task StartAsync(LabSettings settings)
    {
        _lab = SendmailLab.Start(settings);
        _daemon = await BlockSmtpDaemon.StartAsync(_lab);
    }

    private static int Answers(string? reply, string code) => reply?.StartsWith(code, StringComparison.Ordinal) == true ? 1 : 0;
}
