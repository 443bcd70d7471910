using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>
/// What Exim says of a command that it has refused: <c>H=(helo) [ADDRESS] F=&lt;SENDER&gt; rejected RCPT RECIPIENT: TEXT</c>. From the
/// sender on it may hold any text of the client's; the address stands before it, and the text at the very end is Exim's or the site's.
/// </summary>
internal static class Rejection
{
    private static ReadOnlySpan<byte> Rejected => " rejected RCPT "u8;

    private static ReadOnlySpan<byte> RejectedMail => " rejected MAIL "u8;

    private static ReadOnlySpan<byte> SenderFailed => " sender verify fail for <"u8;

    /// <summary>Reads a line that begins with <c>H=</c>.</summary>
    public static void Read(ReadOnlySpan<byte> text, RefusalTexts refusals, ref MailEvent read)
    {
        if (!HostText.TryRead(text, out var address, out var length))
        {
            read.Kind = text.IndexOf(Rejected) >= 0 ? MailEventKind.Ambiguous : MailEventKind.None;
            return;
        }

        var behind = text[length..];
        var rest = HostText.SkipFields(behind, out var hasOwnText);
        ReadOnlySpan<byte> sender = default;
        if (rest.StartsWith(" F=<"u8))
        {
            var afterSender = AfterAddress(rest[3..]);
            sender = rest[3..^afterSender.Length];
            rest = HostText.SkipFields(afterSender, out var hasAccount);
            hasOwnText |= hasAccount;
        }

        // Whether the client's ident, certificate or account may have written what stands there.
        var isOwn = hasOwnText && !(rest.StartsWith(Rejected) && behind.IndexOf(Rejected) == behind.LastIndexOf(Rejected));
        if (TryReadProbe(rest, ref read) || TryReadFailed(behind, rest, hasOwnText, ref read) || (isOwn
            ? TryReadOwn(behind, refusals, ref read)
            : rest.StartsWith(Rejected) &&
                TryReadRefusal(rest[Rejected.Length..], sender, text[2..length], hasOwnText, refusals, ref read)) ||
            (rest.StartsWith(RejectedMail) && TryReadMail(rest[RejectedMail.Length..], ref read)) ||
            TryReadAfterData(rest, sender, ref read))
            read.Text = address;
        if (read.Kind == MailEventKind.NamedRefusal && !read.IsSender)
            read.Sender = SenderOf(behind, sender, hasOwnText);
    }

    /// <summary>The words with which a recipient was refused for good; none where it is another line.</summary>
    /// <param name="text">A line that begins with <c>H=</c>.</param>
    public static ReadOnlySpan<byte> WordsOf(ReadOnlySpan<byte> text)
    {
        if (!HostText.TryRead(text, out _, out var length))
            return default;
        var rest = HostText.SkipFields(text[length..], out _);
        if (rest.StartsWith(" F=<"u8))
            rest = HostText.SkipFields(AfterAddress(rest[3..]), out _);
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

    private static SenderKind SenderOf(ReadOnlySpan<byte> behind, ReadOnlySpan<byte> sender, bool hasOwnText)
    {
        if (sender.IsEmpty)
            return SenderKind.Unknown;
        var isOnly = !hasOwnText || behind.IndexOf(" F=<"u8) == behind.LastIndexOf(" F=<"u8);
        return isOnly && sender.SequenceEqual("<>"u8) ? SenderKind.Null : SenderKind.Named;
    }

    /// <summary>All behind EXPN and VRFY is the client's, as it was typed, as far as Exim shows it.</summary>
    private static bool TryReadProbe(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        if (!text.StartsWith(" rejected EXPN "u8) && !text.StartsWith(" rejected VRFY "u8))
            return false;
        text = text[" rejected EXPN "u8.Length..];
        var name = text.Trim((byte)' ');
        if (name.IsEmpty)
            return false;
        read.Kind = MailEventKind.Probe;
        if (text.Length < RefusedRecipient.LongestShown)
            read.Recipient = name;
        return true;
    }

    /// <summary>
    /// Reads <c>RECIPIENT: TEXT</c>. Where the recipient's brackets close, all that follows them is Exim's or the site's; such a text may
    /// repeat the sender, whom a forwarder's client has chosen.
    /// </summary>
    private static bool TryReadRefusal(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> sender,
        ReadOnlySpan<byte> client,
        bool hasOwnText,
        RefusalTexts refusals,
        ref MailEvent read)
    {
        var length = RefusedRecipient.LengthInBrackets(text);
        if (length == text.Length)
            return false;
        var saysUnknown = length > 0 && text[length..].StartsWith(": "u8)
            ? RefusalWords.SayUnknown(text[(length + 2)..], text[..length], sender, client, refusals, out read.IsDoubtful)
            : RefusalWords.EndSaysUnknown(text, RefusedRecipient.In(text), sender, client, refusals);
        if (saysUnknown)
        {
            read.Kind = MailEventKind.NamedRefusal;
            read.Callout = CalloutWords.OfGuess(text, sender, hasOwnText || sender.Contains((byte)'"'), out var asked);
            read.Recipient = asked.IsEmpty ? RefusedRecipient.In(text) : asked;
            return true;
        }

        if (!RefusalWords.AreOfSender(text))
        {
            if (!CalloutWords.IsAnswer(text, sender, out read.Recipient))
                return false;
            read.Kind = MailEventKind.CalloutRefusal;
            return true;
        }

        // The client chooses the recipient too, which need not be of this site: the sender is verified first in Exim's example.
        if (!RefusedRecipient.IsInDomainOf(sender, text) && (read.Domain = RefusedRecipient.DomainOf(sender)).IsEmpty)
            return false;
        TakeSender(sender, ref read);
        return true;
    }

    /// <summary>
    /// Reads <c>SENDER: Sender verify failed</c>, where it is verified at MAIL already (<c>acl_smtp_mail</c>). It stands there as it was
    /// typed, as a recipient does; of one that hides behind that no name is known.
    /// </summary>
    private static bool TryReadMail(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        if (!RefusalWords.AreOfSender(text) ||
            !TypedSender.TryRead(text[..text.LastIndexOf(": "u8)], out var sender, out read.Domain))
            return false;
        TakeSender(sender, ref read);
        return true;
    }

    /// <summary>
    /// Reads <c> sender verify fail for &lt;ADDRESS&gt;: TEXT</c>, which Exim says before it refuses a command because of a sender, once
    /// for each: the address is what it has made of whatever was typed, and whole.
    /// </summary>
    private static bool TryReadFailed(ReadOnlySpan<byte> behind, ReadOnlySpan<byte> rest, bool hasOwnText, ref MailEvent read)
    {
        // An ident may say the same, and whose words are Exim's nobody can tell then.
        if (!rest.StartsWith(SenderFailed) || (hasOwnText && behind.IndexOf(SenderFailed) != behind.LastIndexOf(SenderFailed)))
            return false;
        rest = rest[(SenderFailed.Length - 1)..];
        read.IsAnnounced = TryTakeSender(rest[..(BracketedAddress.EndIn(rest) + 1)], ref read);
        return read.IsAnnounced;
    }

    /// <summary>Reads <c> rejected after DATA: Sender verify failed</c>; a site's words before that may end in a header's text.</summary>
    private static bool TryReadAfterData(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> sender, ref MailEvent read) =>
        (rest.SequenceEqual(" rejected after DATA: Sender verify failed"u8) ||
            rest.SequenceEqual(" rejected during MIME ACL checks: Sender verify failed"u8)) && TryTakeSender(sender, ref read);

    private static bool TryTakeSender(ReadOnlySpan<byte> sender, ref MailEvent read)
    {
        if ((read.Domain = RefusedRecipient.DomainOf(sender)).IsEmpty)
            return false;
        TakeSender(sender, ref read);
        return true;
    }

    private static void TakeSender(ReadOnlySpan<byte> sender, ref MailEvent read)
    {
        (read.Kind, read.Sender, read.IsSender) = (MailEventKind.NamedRefusal, SenderKind.Null, true);
        read.Recipient = sender;
    }

    /// <summary>
    /// Reads a line in which the client's own ident, certificate or account may have written anything before Exim's words: it speaks
    /// against nobody else, so that a refusal anywhere counts. Which recipient it was is known only where there is one.
    /// </summary>
    private static bool TryReadOwn(ReadOnlySpan<byte> text, RefusalTexts refusals, ref MailEvent read)
    {
        var count = 0;
        ReadOnlySpan<byte> last = default;
        while (text.IndexOf(Rejected) is >= 0 and var at)
        {
            count++;
            if (!text[..at].EndsWith(" temporarily"u8))
                last = text[(at + Rejected.Length)..];
            text = text[(at + Rejected.Length - 1)..];
        }

        if (!RefusalWords.EndSaysUnknown(last, refusals))
            return false;
        read.Kind = MailEventKind.NamedRefusal;
        read.Callout = CalloutWords.OfGuess(last, default, mayBeClaim: true, out var asked);
        if (count == 1)
            read.Recipient = asked.IsEmpty ? RefusedRecipient.In(last) : asked;
        return true;
    }
}
