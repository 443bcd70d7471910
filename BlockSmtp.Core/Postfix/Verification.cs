using BlockSmtp.Grammars;

namespace BlockSmtp.Postfix;

/// <summary>
/// What Postfix has found out of an address by a probe (<c>reject_unverified_recipient</c>, <c>reject_unverified_sender</c>):
/// <c>undeliverable address: unknown user: "x"</c>, <c>undeliverable address: host HOST[ADDRESS] said: 550 5.1.1 … (in reply to RCPT TO
/// command)</c>. The code before it is the same whatever the reason is: a full mailbox, a block list of the other server, a mistake of DNS.
/// </summary>
internal static class Verification
{
    private static ReadOnlySpan<byte> Rejected => ": Recipient address rejected: undeliverable address: "u8;

    private static ReadOnlySpan<byte> Said => " said: "u8;

    // Postfix's own words, with the name of a table behind them.
    private static ReadOnlySpan<byte> InTable => "User unknown in "u8;

    private static ReadOnlySpan<byte> InReply => " (in reply to "u8;

    /// <summary>What was found out of a recipient; none where a reply tells of none.</summary>
    /// <param name="words">What follows the recipient in a reply.</param>
    public static ReadOnlySpan<byte> ResultIn(ReadOnlySpan<byte> words) => words.StartsWith(Rejected) ? words[Rejected.Length..] : default;

    /// <summary>Whether it is what Postfix's own tables and local(8) say of a mailbox that they do not have.</summary>
    public static bool IsOfOwnTable(ReadOnlySpan<byte> result) => result.StartsWith("unknown user: \""u8) || result.StartsWith(InTable);

    /// <summary>Whether it is that there is no such mailbox.</summary>
    /// <param name="result">What follows <c>undeliverable address: </c>.</param>
    /// <param name="asked">Who was asked for, without brackets, whom an answer may repeat.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    public static bool SaysUnknown(ReadOnlySpan<byte> result, ReadOnlySpan<byte> asked, RefusalTexts refusals)
    {
        if (!result.StartsWith("host "u8) || result.IndexOf(Said) is not (> 0 and var at))
            return IsOfOwnTable(result) || refusals.SaysUnknown(result);
        var reply = result[(at + Said.Length)..];
        var end = reply.LastIndexOf(InReply);
        if (end >= 0 && !reply[(end + InReply.Length)..].StartsWith("RCPT TO"u8))
            return false;
        if (end >= 0)
            reply = reply[..end];
        if (!reply.StartsWith("5"u8) || reply.Length < 5 || ReplyCode.IsOfCheck(reply))
            return false;
        return ReplyCode.IsOfMissing(reply[4..])
            || (ReplyCode.IsOfRecipient(reply) && refusals.SpeaksOfMissing(ReplyCode.Skip(reply))
                && SiteWords.SayUnknown<Reader>(ReplyCode.Skip(reply), new RefusedNames { Recipient = asked }, refusals));
    }

    /// <summary>Reads what another server has said: it has put the recipient before it, perhaps.</summary>
    private readonly struct Reader : IRefusalReader
    {
        public static bool SayUnknown(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, RefusalTexts refusals) =>
            words.SequenceEqual("Unrouteable address"u8) ||
            words.IndexOf(InTable) >= 0 ||
            refusals.SaysUnknown(words.TrimStart("<>:. "u8)) ||
            (words.LastIndexOf(": "u8) is >= 0 and var at && refusals.SaysUnknown(words[(at + 2)..]));

        public static bool AreServers(ReadOnlySpan<byte> words) => false;

        public static ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> words) => words;
    }
}
