using BlockSmtp.Grammars;

namespace BlockSmtp.Postfix;

/// <summary>
/// What smtpd says of a command that it has refused: <c>QUEUEID: reject: RCPT from HOST[ADDRESS]: 550 5.1.1 &lt;RECIPIENT&gt;: Recipient
/// address rejected: TEXT; from=&lt;SENDER&gt; to=&lt;RECIPIENT&gt; proto=ESMTP helo=&lt;NAME&gt;</c>. All from the recipient on may hold
/// any text of the client's; client and code stand before it.
/// </summary>
internal static class SmtpdRefusal
{
    // "NOQUEUE", or a queue id of at most 21 characters.
    private const int LongestId = 24;

    // "550 5.1.1 " stands before the recipient.
    private const int LongestCode = 12;

    private static ReadOnlySpan<byte> Recipient => "RCPT from "u8;

    private static ReadOnlySpan<byte> Probe => "VRFY from "u8;

    private static ReadOnlySpan<byte> Rejected => ": Recipient address rejected: "u8;

    private static ReadOnlySpan<byte> SenderAt => "; from=<"u8;

    private static ReadOnlySpan<byte> RecipientAt => " to=<"u8;

    /// <summary>
    /// Finds where a refusal begins that a message tells of; -1 where it tells of none. What only warns (<c>reject_warning</c>) is none.
    /// </summary>
    public static int Find(ReadOnlySpan<byte> message)
    {
        var colon = message[..Math.Min(message.Length, LongestId)].IndexOf(": "u8);
        if (colon <= 0)
            return -1;
        var rest = message[(colon + 2)..];
        return rest.StartsWith("reject: "u8) ? colon + 10 : rest.StartsWith("milter-reject: "u8) ? colon + 17 : -1;
    }

    /// <summary>Reads a refusal.</summary>
    /// <param name="text">What follows <c>reject: </c>.</param>
    /// <param name="refusals">Tells what its words say.</param>
    /// <param name="read">What it tells.</param>
    public static void Read(ReadOnlySpan<byte> text, RefusalTexts refusals, ref MailEvent read)
    {
        var isProbe = text.StartsWith(Probe);
        if (!isProbe && !text.StartsWith(Recipient))
            return;
        text = text[Recipient.Length..];
        if (!ClientText.TryRead(text, out var address, out var length) || !text[length..].StartsWith(": "u8))
        {
            read.Kind = MailEventKind.Ambiguous;
            return;
        }

        text = text[(length + 2)..];
        if (!IsUnknown(text, refusals))
            return;
        read.Kind = isProbe ? MailEventKind.Probe : MailEventKind.NamedRefusal;
        read.Text = address;
        read.Recipient = RecipientIn(text);
        var sender = text.LastIndexOf(SenderAt);
        read.Sender = sender < 0 ? SenderKind.Unknown
            : text[(sender + SenderAt.Length)..].StartsWith(">"u8) ? SenderKind.Null : SenderKind.Named;
    }

    /// <summary>
    /// Whether a reply, <c>550 5.1.1 &lt;x&gt;: Recipient address rejected: …</c>, says that there is no such mailbox. 5.1.1 says it by
    /// itself (a sender that is unknown is 5.1.0), another permanent code by its words, and a temporary one not at all.
    /// </summary>
    /// <remarks>
    /// Where the words begin cannot be told for certain, as a recipient may hold whole replies: all places are tried, and one that says so
    /// is enough. Who writes such a recipient speaks against himself, as the address stands before it.
    /// </remarks>
    private static bool IsUnknown(ReadOnlySpan<byte> reply, RefusalTexts refusals)
    {
        if (reply.IsEmpty || reply[0] != '5' || reply.Length < 5)
            return false;
        if (reply[4..].StartsWith("5.1.1 "u8))
            return true;
        if (reply[4..].StartsWith("5.1.0 "u8) || reply[4..].StartsWith("5.1.7 "u8) || reply[4..].StartsWith("5.1.8 "u8))
            return false;
        // A milter's reply need not begin with the recipient.
        if (reply.IndexOf(">: "u8) < 0 && refusals.SaysUnknown(WordsIn(ReplyCode.Skip(reply))))
            return true;
        for (var rest = reply; rest.IndexOf(">: "u8) is >= 0 and var at;)
        {
            rest = rest[(at + 3)..];
            var words = WordsIn(rest);
            if (words.StartsWith("Recipient address rejected: "u8))
                words = words["Recipient address rejected: "u8.Length..];
            if (!words.StartsWith("Sender address rejected: "u8) && refusals.SaysUnknown(words))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The words with which a recipient was refused for good; none where that cannot be told, as the recipient may look like any
    /// text.
    /// </summary>
    /// <param name="message">What smtpd has logged.</param>
    public static ReadOnlySpan<byte> WordsOf(ReadOnlySpan<byte> message)
    {
        var at = Find(message);
        // Whatever needs quotes has them in "to=".
        if (at < 0 || message.IndexOf((byte)'"') >= 0 || !message[at..].StartsWith(Recipient))
            return default;
        var text = message[(at + Recipient.Length)..];
        if (!ClientText.TryRead(text, out _, out var length) || !text[length..].StartsWith(": "u8))
            return default;
        var reply = text[(length + 2)..];
        if (!ReplyCode.IsOfRecipient(reply))
            return default;
        var isMilter = message[..at].EndsWith("milter-reject: "u8);
        var words = reply.IndexOf(Rejected) is >= 0 and var found ? reply[(found + Rejected.Length)..]
            : isMilter ? ReplyCode.Skip(reply) : default;
        return WordsIn(words);
    }

    /// <summary>What stands before the sender.</summary>
    private static ReadOnlySpan<byte> WordsIn(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf(SenderAt);
        return end < 0 ? text : text[..end];
    }

    /// <summary>
    /// The recipient. The reply has it without its quotes, so one that needs them may look like any text, and where it ends is not told:
    /// then all up to the sender stands for it, so that many names do not look like one.
    /// </summary>
    private static ReadOnlySpan<byte> RecipientIn(ReadOnlySpan<byte> reply)
    {
        // Whatever needs quotes has them in "to=".
        var isPlain = reply.IndexOf((byte)'"') < 0;
        var start = reply.IndexOf((byte)'<');
        if (start is >= 0 and <= LongestCode)
        {
            var end = isPlain ? reply.IndexOf(">: "u8) + 1 : reply.LastIndexOf(SenderAt);
            return end > start ? reply[start..end] : reply[start..];
        }

        // A milter's reply has none.
        start = reply.IndexOf(RecipientAt);
        if (start < 0 || !isPlain)
            return reply;
        reply = reply[(start + RecipientAt.Length - 1)..];
        var proto = reply.IndexOf("> proto="u8);
        return proto < 0 ? reply : reply[..(proto + 1)];
    }
}
