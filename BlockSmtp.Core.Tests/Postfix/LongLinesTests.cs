using BlockSmtp.Tests.Reading;

namespace BlockSmtp.Tests.Postfix;

/// <summary>Postfix cuts a line at 2,000 bytes behind its name (seen with 3.7), and a client chooses where.</summary>
public sealed class LongLinesTests
{
    private const string Unknown = "User unknown in local recipient table";

    private static readonly string Padding = new('x', 1950);

    [Test]
    public void A_sender_counts_whose_recipient_is_too_long_for_the_line() =>
        Read($"550 5.1.0 <n5@example.org>: Sender address rejected: {Unknown}; from=<n5@example.org> to=<{Padding}@example.org>")
            .Should().Be("sender 203.0.113.38 null <n5@example.org>");

    [Test]
    public void A_sender_counts_whose_extension_is_too_long_for_the_line(
        [Values(1000, 1950)] int length, [Values("+", "+>: ", "+ ")] string plus)
    {
        var name = "n5" + plus + Padding[..length];
        Read($"550 5.1.0 <{name}@example.org>: Sender address rejected: {Unknown}; from=<\"{name}\"@example.org> to=<alice@example.org>")
            .Should().StartWith("sender 203.0.113.38 null ");
    }

    [Test]
    public void A_line_that_a_sender_holds_whole_does_not_speak_against_who_forwards_his_mail(
        [Values("550 5.1.8", "554 5.7.1")] string code,
        [Values("Sender address rejected: User unknown in t", "Recipient address rejected: User unknown")] string words)
    {
        var sender = $"x>: {words}; from=<x> to=<x> proto=ESMTP helo=<{Padding}";
        Read($"{code} <{sender}@b.example>: Sender address rejected: Access denied; from=<\"{sender}\"@b.example> to=<alice@example.org>")
            .Should().Be("ambiguous");
    }

    [Test]
    public void A_bounce_is_nobodys_mail_whose_recipient_is_too_long_for_the_line([Values(950, 1950)] int length)
    {
        var recipient = $"n1; from=<y> to=<{Padding[..length]}";
        Read($"550 5.1.1 <{recipient}@example.org>: Recipient address rejected: {Unknown}; from=<> to=<\"{recipient}\"@example.org>")
            .Should().StartWith("unknown 203.0.113.38 null ");
    }

    private static string Read(string text)
    {
        text = $"NOQUEUE: reject: RCPT from unknown[203.0.113.38]: {text} proto=ESMTP helo=<x>";
        return ReadLine.As("Nov 23 18:03:58 mail1 postfix/smtpd[22129]: " + text[..Math.Min(text.Length, 2000)]);
    }
}
