using System.Buffers;
using BlockSmtp.Grammars;

namespace BlockSmtp.Sendmail;

/// <summary>
/// What sendmail says of the mail that it has taken: <c>from=&lt;…&gt;, size=…, nrcpts=…, msgid=…</c>, and of each
/// delivery, <c>to=…, stat=Sent</c>.
/// </summary>
internal static class AcceptedMail
{
    // sendmail shows up to 203 characters, escaped ones as more.
    private const int LongestSender = 203;

    // As many as a number of 64 bits has room for: sendmail's has no more.
    private const int MostDigits = 18;

    private static readonly SearchValues<byte> InSender = SearchValues.Create("\\\"(),<>"u8);

    /// <summary>Reads who has sent to how many, and whether a message came of it.</summary>
    /// <remarks>
    /// The sender may hold a text in quotes, in a comment or in brackets that looks like what follows him; in a sender that sendmail has
    /// taken these come in pairs, so the true end is the first one outside of them. Of one that is so long that he was shortened that is
    /// not known: he is read as one with nothing accepted. Whether there was a message is known all the same: without one there is no text
    /// of the client's behind the sender, so that the last place is the true one; who has a message look like none speaks against itself.
    /// </remarks>
    public static void Read(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        // <><joe@example.org> is joe.
        read.Sender = text.StartsWith("from=<>, "u8) ? SenderKind.Null : SenderKind.Named;
        read.MayBeTaken = true;
        var at = EndOfSender(text);
        var isCertain = at >= 0;
        if (!isCertain)
            at = text.LastIndexOf(", size="u8);
        if (at < 0)
            return;
        text = text[at..];
        if (!TryTake(ref text, ", size="u8, out var size)
            || !TryTake(ref text, ", class="u8, out _)
            || !TryTake(ref text, ", nrcpts="u8, out var recipients))
            return;
        read.MayBeTaken = !isCertain || recipients > 0;
        read.Recipients = isCertain ? recipients : 0;
        read.IsEmpty = size == 0;
        if (text.StartsWith(", bodytype="u8))
            text = text[(text[1..].IndexOf((byte)',') + 1)..];
        // At LogLevel 9 and above a message has a message id, which sendmail gives it when the client does not.
        var isNamed = text.StartsWith(", msgid="u8);
        read.IsTaken = isCertain && size > 0 && recipients > 0 && isNamed;
        // The size is what the client has announced until there is a message (MAIL FROM:<a@b.example> SIZE=1).
        read.IsUnnamed = !isNamed;
    }

    /// <summary>Reads the recipients of a delivery that has succeeded.</summary>
    /// <param name="text">What follows the queue id: <c>to=&lt;…&gt;, …, stat=Sent (…)</c>.</param>
    /// <param name="recipients">The recipients, as they stand there: <c>&lt;anna@example.org&gt;,&lt;bob@example.org&gt;</c>.</param>
    /// <remarks>
    /// Whom an alias stands for has no brackets: <c>to=anna, ctladdr=&lt;list@example.org&gt; (8/0)</c>. The client has sent to the one
    /// whom <c>ctladdr</c> names, and that is the recipient, for all members of a list. Mostly there is none: <c>to=anna, delay=…</c>.
    /// </remarks>
    public static bool TryReadDelivery(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> recipients)
    {
        recipients = default;
        if (!text.EndsWith(", stat=Sent"u8))
        {
            // The last of the words is sendmail's own; what the other server has answered stands behind it, in brackets.
            var stat = text.LastIndexOf(", stat="u8);
            if (stat < 0 || !text[(stat + 7)..].StartsWith("Sent"u8))
                return false;
        }

        text = text["to="u8.Length..];
        recipients = UpToComma(text);
        if (!recipients.StartsWith("<"u8))
        {
            text = text[recipients.Length..];
            if (text.StartsWith(", ctladdr="u8))
                recipients = text.StartsWith(", ctladdr=<"u8) ? UpToComma(text[", ctladdr="u8.Length..]) : Unnamed;
            var user = recipients.LastIndexOf(" ("u8);
            recipients = user < 0 ? recipients : recipients[..user];
        }

        return true;
    }

    // What is no address, so that all who are so called are one.
    private static ReadOnlySpan<byte> Unnamed => "()"u8;

    private static ReadOnlySpan<byte> UpToComma(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf(", "u8);
        return end < 0 ? text : text[..end];
    }

    /// <summary>Reads the recipient whom sendmail's own mailer does not know.</summary>
    /// <param name="text">What follows the queue id: <c>to=&lt;…&gt;, delay=…, mailer=local, …, dsn=5.1.1, …,
    /// stat=User unknown</c>.</param>
    /// <param name="recipient">The recipient; with him whom an alias stands for, that alias.</param>
    /// <remarks>
    /// A client may have a comma and a space in a name, in quotes or a comment; behind the last <c>, delay=</c> there is nothing of his.
    /// </remarks>
    public static bool TryReadUnknown(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        if (!text.EndsWith(", stat=User unknown"u8))
            return false;
        var at = text.LastIndexOf(", mailer="u8);
        if (at < 0 || !text[(at + ", mailer="u8.Length)..].StartsWith("local, "u8) || text[at..].IndexOf(", dsn=5.1.1, "u8) < 0)
            return false;
        var end = text[..at].LastIndexOf(", delay="u8);
        if (end < "to="u8.Length)
            return false;
        recipient = text["to="u8.Length..end];
        return true;
    }

    private static int EndOfSender(ReadOnlySpan<byte> text)
    {
        // Nearly all are an address in its brackets.
        if (text.StartsWith("from=<"u8)
            && "from=<"u8.Length + text["from=<"u8.Length..].IndexOfAny(InSender) is var bracket and < LongestSender
            && text[bracket..].StartsWith(">, size="u8))
            return bracket + 1;
        var nesting = default(Nesting);
        for (var at = "from="u8.Length; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(InSender);
            if (next < 0)
                break;
            at += next;
            if (text[at] == ',' && nesting.IsOutside && text[at..].StartsWith(", size="u8))
                return at - "from="u8.Length >= LongestSender ? -1 : at;
            at += nesting.Take(text[at..]);
        }

        return -1;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out int number)
    {
        number = 0;
        if (!text.StartsWith(name))
            return false;
        text = text[name.Length..];
        var (length, read) = (0, 0L);
        for (; length < text.Length && text[length] - (uint)'0' is var digit and <= 9; length++)
        {
            if (length == MostDigits)
                return false;
            read = (read * 10) + digit;
        }

        text = text[length..];
        number = (int)Math.Min(read, int.MaxValue);
        return length > 0;
    }
}
