using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>Whether the words of a refusal say that there is no such mailbox: Exim's own, a site's, or another server's.</summary>
internal static class RefusalWords
{
    private static ReadOnlySpan<byte> OtherServer => " : SMTP error from remote mail server after RCPT TO:"u8;

    /// <summary>Whether all that follows a recipient and its colon says so.</summary>
    /// <param name="words">The words, up to the end of the line.</param>
    /// <param name="recipient">The recipient, which they may repeat.</param>
    /// <param name="sender">The sender in its brackets, whom they may repeat too; empty for none.</param>
    /// <param name="refusals">Tells what the words of a refusal say.</param>
    public static bool SayUnknown(
        ReadOnlySpan<byte> words, ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> sender, RefusalTexts refusals)
    {
        if (EndIn(words, "Unrouteable address"u8) || EndIn(words, "Previous (cached) callout verification failure"u8))
            return true;
        var repeats = Repeat(words, sender, recipient);
        var server = words.IndexOf(OtherServer);
        // Of a site's own text before it a sender may have written a piece.
        if (server >= 0 && words[..server].IndexOfAny((byte)'"', (byte)'<') < 0)
            return IsUnknownReply(ReplyIn(words[(server + OtherServer.Length)..]), repeats ? null : refusals);
        if (repeats)
            return false;
        return refusals.SaysUnknown(words) ||
            ((!sender.Contains((byte)'"') || words.StartsWith("response to \"RCPT TO:"u8)) && EndSaysUnknown(words, refusals));
    }

    /// <summary>Whether the end of a line says so, behind the last colon, or behind the last bracket with one.</summary>
    public static bool EndSaysUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        var end = text.LastIndexOf(": "u8);
        var bracket = text.LastIndexOf(">: "u8);
        return end >= 0 && (IsUnknown(text[(end + 2)..], refusals) || (bracket >= 0 && IsUnknown(text[(bracket + 3)..], refusals)) ||
            OtherServerSaysUnknown(text, refusals));
    }

    /// <summary>Whether a line ends in what Exim says of a sender that no router takes (<c>verify = sender</c>).</summary>
    public static bool AreOfSender(ReadOnlySpan<byte> text) => text.EndsWith(": Sender verify failed"u8);

    private static bool EndIn(ReadOnlySpan<byte> words, ReadOnlySpan<byte> fixedWords) =>
        words.EndsWith(fixedWords) && (words.Length == fixedWords.Length || words[..^fixedWords.Length].EndsWith(": "u8));

    /// <summary>Whether words repeat a sender who is no part of the recipient, so that they may say what the sender's name says.</summary>
    private static bool Repeat(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> recipient) =>
        sender.Length > 2 && words.IndexOf(sender[1..^1]) >= 0 && recipient.IndexOf(sender[1..^1]) < 0;

    /// <summary>
    /// Reads <c>HOST [ADDRESS] : SMTP error from remote mail server after RCPT TO:&lt;x&gt;: 550 5.1.1 …</c> of a callout: another server
    /// knows no such mailbox. It may repeat what the client has written, so all places are tried.
    /// </summary>
    private static bool OtherServerSaysUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        while (text.IndexOf(OtherServer) is >= 0 and var at)
        {
            text = text[(at + OtherServer.Length)..];
            if (IsUnknownReply(ReplyIn(text), refusals))
                return true;
        }

        return false;
    }

    /// <summary>Another server's refusal for good behind a recipient in brackets; empty where there is none.</summary>
    private static ReadOnlySpan<byte> ReplyIn(ReadOnlySpan<byte> text)
    {
        var end = BracketedAddress.EndIn(text);
        return end >= 0 && text[(end + 1)..].StartsWith(": 5"u8) ? text[(end + 3)..] : default;
    }

    private static bool IsUnknownReply(ReadOnlySpan<byte> reply, RefusalTexts? refusals)
    {
        var code = reply[Math.Min(reply.Length, 4)..];
        return (code.StartsWith("5.1.1"u8) && (code.Length == 5 || code[5] == ' ')) ||
            // Microsoft's, of a tenant that knows its recipients.
            code.StartsWith("5.4.1 Recipient address rejected: Access denied."u8) ||
            (refusals is not null && IsUnknown(ReplyCode.Skip(reply), refusals));
    }

    private static bool IsUnknown(ReadOnlySpan<byte> words, RefusalTexts refusals) =>
        words.SequenceEqual("Unrouteable address"u8) || words.SequenceEqual("Previous (cached) callout verification failure"u8) ||
        refusals.SaysUnknown(words);
}
