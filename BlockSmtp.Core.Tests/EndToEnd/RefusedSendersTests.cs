using System.Globalization;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// What the real sendmail logs of a sender that it refuses is held against nobody: whoever forwards mail has strangers' senders.
/// </summary>
[TestFixture]
internal sealed class RefusedSendersTests
{
    private const string Forwarder = "198.51.100.10";

    [TestCase("\"x{0}... User unknown\"@nonexist.example")]
    [TestCase("\"... No such user here{0}: \"@nonexist.example")]
    [TestCase("\"x{0}, reject=550 5.1.1 <alice@example.org>... User unknown\"@nonexist.example")]
    // Of one that is so long sendmail leaves out the end of what it says.
    [TestCase("\"x{0}... zzzzzzzzzzzzzzzzzzzzzz... User unknown\"@{1}.{1}.{1}.{1}.example")]
    public async Task A_sender_whose_domain_does_not_exist_and_whose_name_says_that_a_user_does_not(string sender)
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0, KnownSenders = true });
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab);
        for (var i = 0; i < 15; i++)
        {
            await using var session = await lab.ConnectAsync(Forwarder);
            await session.SayAsync("EHLO forwarder.example");
            await session.SayAsync($"MAIL FROM:<{string.Format(CultureInfo.InvariantCulture, sender, i, new string('a', 42))}>");
            (await session.SayAsync("RCPT TO:<alice@example.org>")).Should().StartWith("553 5.1.8");
            await session.SayAsync("QUIT");
        }

        await JudgesAllUntilNow(lab, daemon);
        lab.Drops(Forwarder).Should().BeFalse();
    }

    // sendmail cuts what it says of a sender, and takes his quotes out of that then: the line reads like a refused recipient's.
    [Test]
    public async Task A_sender_whose_quotes_are_left_out_is_let_pass_as_often_as_doubtful_lines_are()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0, KnownSenders = true });
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab);
        var quotes = string.Concat(Enumerable.Repeat("\"L\"", 60));
        await using var session = await lab.ConnectAsync(Forwarder);
        await session.SayAsync("EHLO forwarder.example");
        for (var i = 0; i < 8; i++)
        {
            await session.SayAsync($"MAIL FROM:<{quotes}\"{new string('p', 26)}... User unknown\"@nonexist.example>");
            (await session.SayAsync("RCPT TO:<alice@example.org>")).Should().StartWith("553 5.1.8").And.EndWith("... User unknown");
            await session.SayAsync("RSET");
        }

        await JudgesAllUntilNow(lab, daemon);
        lab.Drops(Forwarder).Should().BeFalse();
    }

    // At this level sendmail logs each answer as well.
    [Test]
    public async Task One_address_out_of_date_at_LogLevel_15()
    {
        using var lab = SendmailLab.Start(new LabSettings { Throttle = 0, LogLevel = 15 });
        await using var daemon = await BlockSmtpDaemon.StartAsync(lab);
        for (var i = 0; i < 20; i++)
        {
            await using var session = await lab.ConnectAsync(Forwarder);
            await session.SayAsync("EHLO printer.example");
            await session.SayAsync("MAIL FROM:<printer@example.org>");
            (await session.SayAsync("RCPT TO:<dead@example.org>")).Should().StartWith("550 5.1.1");
            await session.SayAsync("QUIT");
        }

        lab.Log().Should().Contain(line => line.Contains(": --- 550 5.1.1 <dead@example.org>... User unknown", StringComparison.Ordinal));
        await daemon.HasJudgedAllUntilNow("203.0.113.41");
        lab.Drops(Forwarder).Should().BeFalse();
    }

    // What is logged before is judged before. Senders that exist nowhere are refused here, so the null one guesses.
    private static async Task JudgesAllUntilNow(SendmailLab lab, BlockSmtpDaemon daemon)
    {
        await using var guesser = await lab.ConnectAsync("203.0.113.41");
        await guesser.SayAsync("EHLO x");
        await guesser.SayAsync("MAIL FROM:<>");
        for (var i = 0; i < 6; i++)
            await guesser.SendAsync($"RCPT TO:<nosuch{i}@example.org>");
        await daemon.Blocks("203.0.113.41");
    }
}
