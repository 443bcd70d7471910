using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>
/// What Exim says of a command that it has refused: <c>H=(helo) [ADDRESS] F=&lt;SENDER&gt; rejected RCPT RECIPIENT: TEXT</c>. From the
/// sender on it may hold any text of the client's; the address stands before it, and the text at the very end is Exim's or the site's.
/// </summary>
internal static class Rejection
{
    private static ReadOnlySpan<byte> OtherServer => " : SMTP error from remote mail server after RCPT TO:"u8;

    private static ReadOnlySpan<byte> Rejected => " rejected RCPT "u8;

    /// <summary>Reads a line that begins with <c>H=</c>.</summary>
    public static void Read(ReadOnlySpan<byte> text, RefusalTexts refusals, ref MailEvent read)
    {
        if (!HostText.TryRead(text, out var address, out var length))
        {
            read.Kind = text.IndexOf(Rejected) >= 0 ? MailEventKind.Ambiguous : MailEventKind.None;
            return;
        }

        var rest = HostText.SkipFields(text[length..]);
        var sender = SenderKind.Unknown;
        if (rest.StartsWith(" F=<"u8))
        {
            sender = rest.StartsWith(" F=<>"u8) ? SenderKind.Null : SenderKind.Named;
            rest = HostText.SkipFields(AfterAddress(rest[3..]));
        }

        if (TryReadProbe(rest, ref read))
        {
            read.Text = address;
        }
        else if (TryReadUnknown(rest, refusals, out read.Recipient))
        {
            (read.Kind, read.Sender) = (MailEventKind.NamedRefusal, sender);
            read.Text = address;
        }
    }

    /// <summary>Reads <c>VRFY failed for NAME H=…</c>: the client's text comes first, and the last <c>H=</c> is Exim's.</summary>
    /// <param name="text">What follows the fixed words.</param>
    /// <param name="read">What it tells.</param>
    public static void ReadVerify(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        var at = text.LastIndexOf(" H="u8);
        if (at < 0 || !HostText.TryRead(text[(at + 1)..], out read.Text, out var length) ||
            !HostText.SkipFields(text[(at + 1 + length)..]).IsEmpty)
        {
            read.Kind = MailEventKind.Ambiguous;
            return;
        }

        read.Kind = MailEventKind.Probe;
        read.Recipient = text[..at];
    }

    /// <summary>The words with which a recipient was refused for good; none where it is another line.</summary>
    /// <param name="text">A line that begins with <c>H=</c>.</param>
    public static ReadOnlySpan<byte> WordsOf(ReadOnlySpan<byte> text)
    {
        if (!HostText.TryRead(text, out _, out var length))
            return default;
        var rest = HostText.SkipFields(text[length..]);
        if (rest.StartsWith(" F=<"u8))
            rest = HostText.SkipFields(AfterAddress(rest[3..]));
        if (!rest.StartsWith(Rejected) || !rest[Rejected.Length..].StartsWith("<"u8))
            return default;
        rest = AfterAddress(rest[Rejected.Length..]);
        // As where they are compared.
        return rest.StartsWith(": "u8) ? rest[(rest.LastIndexOf(": "u8) + 2)..] : default;
    }

    /// <summary>What follows an address in angle brackets; all of the text where none ends.</summary>
    private static ReadOnlySpan<byte> AfterAddress(ReadOnlySpan<byte> text)
    {
        var end = BracketedAddress.EndIn(text);
        return end < 0 ? text : text[(end + 1)..];
    }

    /// <summary>All behind EXPN and VRFY is the client's, as it was typed.</summary>
    private static bool TryReadProbe(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        if (!text.StartsWith(" rejected EXPN "u8) && !text.StartsWith(" rejected VRFY "u8))
            return false;
        var name = text[" rejected EXPN "u8.Length..].Trim((byte)' ');
        if (name.IsEmpty)
            return false;
        read.Kind = MailEventKind.Probe;
        read.Recipient = name;
        return true;
    }

    /// <summary>
    /// Reads <c> rejected RCPT RECIPIENT: TEXT</c>, where the recipient is what the client has typed, with brackets or without. The text is
    /// what follows the last colon, or the last closing bracket with one, as all that is the client's stands before it. Exim's own word for
    /// a recipient that no router takes is <c>Unrouteable address</c>, also where the client is told something else.
    /// </summary>
    private static bool TryReadUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        // A field that is not known may stand before it.
        var at = text.IndexOf(Rejected);
        if (at < 0 || text[..at].EndsWith(" temporarily"u8))
            return false;
        text = text[(at + Rejected.Length)..];
        var end = text.LastIndexOf(": "u8);
        var bracket = text.LastIndexOf(">: "u8);
        if (end < 0 || !(SaysUnknown(text[(end + 2)..], refusals) || (bracket >= 0 && SaysUnknown(text[(bracket + 3)..], refusals)) ||
            OtherServerSaysUnknown(text, refusals)))
            return false;
        recipient = text[0] == '<' ? text[..^AfterAddress(text).Length] : text[..end];
        return true;
    }

    /// <summary>
    /// Reads <c>HOST [ADDRESS] : SMTP error from remote mail server after RCPT TO:&lt;x&gt;: 550 5.1.1 …</c> of a callout: another server
    /// knows no such mailbox. It may repeat what the client has written, so all places are tried.
    /// </summary>
    private static bool OtherServerSaysUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        while (text.IndexOf(OtherServer) is >= 0 and var at)
        {
            text = text[(at + OtherServer.Length)..];
            var reply = AfterAddress(text);
            if (!reply.StartsWith(": 5"u8))
                continue;
            reply = reply[2..];
            if ((reply.Length > 9 && reply[4..].StartsWith("5.1.1 "u8)) || refusals.SaysUnknown(ReplyCode.Skip(reply)))
                return true;
        }

        return false;
    }

    private static bool SaysUnknown(ReadOnlySpan<byte> words, RefusalTexts refusals) =>
        words.SequenceEqual("Unrouteable address"u8) || words.SequenceEqual("Previous (cached) callout verification failure"u8) ||
        refusals.SaysUnknown(words);
}
