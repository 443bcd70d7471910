using System.Text;
using BlockSmtp.Grammars;

namespace BlockSmtp.Postfix;

/// <summary>
/// What smtpd says of a command that it has refused: <c>QUEUEID: reject: RCPT from HOST[ADDRESS]: 550 5.1.1 &lt;RECIPIENT&gt;: Recipient
/// address rejected: TEXT; from=&lt;SENDER&gt; to=&lt;RECIPIENT&gt; proto=ESMTP helo=&lt;NAME&gt;</c>. All from the recipient on may hold
/// any text of the client's; client and code stand before it.
/// </summary>
/// <remarks>
/// The sender may be a third one's, whose mail the client forwards: what he has written must not speak against the client.
/// </remarks>
internal static class SmtpdRefusal
{
    // "NOQUEUE", or a queue id of at most 21 characters.
    private const int LongestId = 24;

    // "550 5.1.1 " stands before the recipient.
    private const int LongestCode = 12;

    // Postfix cuts what it logs (MSG_SYSLOG_RECLEN), and a client chooses where.
    private const int LongestMessage = 2000;

    private static ReadOnlySpan<byte> Recipient => "RCPT from "u8;

    private static ReadOnlySpan<byte> Probe => "VRFY from "u8;

    private static ReadOnlySpan<byte> Sender => "MAIL from "u8;

    private static ReadOnlySpan<byte> Rejected => ": Recipient address rejected: "u8;

    private static ReadOnlySpan<byte> SenderAt => "; from=<"u8;

    private static ReadOnlySpan<byte> RecipientAt => " to=<"u8;

    private static ReadOnlySpan<byte> NullSenderAt => "; from=<> to=<"u8;

    private static ReadOnlySpan<byte> ProtocolAt => "> proto="u8;

    private static ReadOnlySpan<byte> HeloAt => " helo=<"u8;

    private static ReadOnlySpan<byte> SenderRejected => ": Sender address rejected: "u8;

    private static ReadOnlySpan<byte> Undeliverable => "undeliverable address: "u8;

    private static ReadOnlySpan<byte> Unknown => "User unknown in "u8;

    /// <summary>
    /// Finds where a refusal begins that a message tells of; -1 where it tells of none. What only warns (<c>reject_warning</c>) is none.
    /// </summary>
    public static int Find(ReadOnlySpan<byte> message)
    {
        var colon = message[..Math.Min(message.Length, LongestId)].IndexOf((byte)':');
        if (colon <= 0 || colon + 2 > message.Length || message[colon + 1] != ' ')
            return -1;
        var rest = message[(colon + 2)..];
        var at = rest.StartsWith("reject: "u8) ? colon + 10 : rest.StartsWith("milter-reject: "u8) ? colon + 17 : -1;
        // A verbose smtpd logs what it is sent: "< unknown[203.0.113.9]: reject: …".
        return at >= 0 && AcceptedMail.IsId(message[..colon]) ? at : -1;
    }

    /// <summary>Reads a refusal.</summary>
    /// <param name="message">What smtpd has logged.</param>
    /// <param name="at">Where what follows <c>reject: </c> begins.</param>
    /// <param name="refusals">Tells what its words say.</param>
    /// <param name="read">What it tells.</param>
    public static void Read(ReadOnlySpan<byte> message, int at, RefusalTexts refusals, ref MailEvent read)
    {
        var text = message[at..];
        var isProbe = text.StartsWith(Probe);
        var isOfSender = text.StartsWith(Sender);
        var isLate = false;
        if (!isProbe && !isOfSender && !text.StartsWith(Recipient))
        {
            if (!TrySkipLate(ref text))
                return;
            isLate = true;
        }
        else
        {
            text = text[Recipient.Length..];
        }

        if (!ClientText.TryRead(text, out var address, out var length) || !text[length..].StartsWith(": "u8))
        {
            read.Kind = isOfSender ? MailEventKind.None : MailEventKind.Ambiguous;
            return;
        }

        var client = text[..length];
        text = text[(length + 2)..];
        if (!text.StartsWith("5"u8))
            return;
        // What a milter says of a message is no word on a name.
        if (isLate && !ReplyCode.Skip(text).StartsWith("<"u8))
            return;
        var isCut = message.Length >= LongestMessage;
        var end = isCut ? default : RefusalEnd.In(text, !isOfSender);
        if (TryReadSender(text, end, client, isCut, refusals, out read.Recipient))
        {
            (read.Kind, read.Sender, read.IsSender) = (MailEventKind.NamedRefusal, SenderKind.Null, true);
            read.Text = address;
            return;
        }

        if (isOfSender)
            return;
        if (!IsUnknown(text, end, client, isCut, refusals))
        {
            if (LacksItsEnd(text, isCut))
                read.Kind = MailEventKind.Ambiguous;
            read.IsDoubtful = IsUnknown(text, end, client, isCut, refusals, inDoubt: true);
            if (!read.IsDoubtful)
                return;
        }

        read.Kind = isProbe ? MailEventKind.Probe : MailEventKind.NamedRefusal;
        read.Text = address;
        read.Recipient = !end.Repeated.IsEmpty ? end.Repeated
            : end.Recipient.IsEmpty || end.Recipient.Contains((byte)'"') ? RecipientIn(text) : end.Recipient;
        read.Sender = SenderOf(text, end);
        read.Recipients = isLate ? 1 : 0;
    }

    /// <summary>
    /// Skips the command in which a recipient is refused that was accepted before: <c>smtpd_data_restrictions</c> and
    /// <c>smtpd_end_of_data_restrictions</c> look again, where a message has one recipient.
    /// </summary>
    private static bool TrySkipLate(ref ReadOnlySpan<byte> text)
    {
        var length = text.StartsWith("DATA from "u8) || text.StartsWith("BDAT from "u8) ? "DATA from ".Length
            : text.StartsWith("END-OF-MESSAGE from "u8) ? "END-OF-MESSAGE from ".Length : 0;
        text = text[length..];
        return length > 0;
    }

    /// <summary>
    /// Whether a refusal is so long that the log has left out its end, by which its recipient is known, and may hold any text.
    /// </summary>
    private static bool LacksItsEnd(ReadOnlySpan<byte> reply, bool isCut) =>
        isCut || (reply.LastIndexOf(ProtocolAt) < 0 && reply.Contains((byte)'"'));

    /// <summary>
    /// Whose mail it was; in doubt nobody's, as a bounce goes to whatever recipient somebody has forged. Who writes what is doubtful
    /// gains nothing by it: he may say that it is nobody's mail himself.
    /// </summary>
    private static SenderKind SenderOf(ReadOnlySpan<byte> text, scoped in RefusalEnd end)
    {
        if (!end.IsKnown || end.Sender.SequenceEqual("<>"u8))
            return SenderKind.Null;
        if (!end.Repeated.IsEmpty)
            return end.Sender.IsEmpty ? SenderKind.Unknown : SenderKind.Named;
        // Without quotes a recipient may hold a sender. It is repeated at the beginning of the reply.
        var reply = ReplyCode.Skip(text);
        var isRepeated = reply.StartsWith("<"u8);
        for (var at = text.IndexOf(NullSenderAt); at >= 0 && at < end.Until;)
        {
            var length = end.Until - (at + NullSenderAt.Length - 1);
            if (!isRepeated || reply[length - 1] == '>')
                return SenderKind.Null;
            var next = text[(at + 1)..].IndexOf(NullSenderAt);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return end.Sender.IsEmpty ? SenderKind.Unknown : SenderKind.Named;
    }

    /// <summary>
    /// Whether a reply, <c>550 5.1.1 &lt;x&gt;: Recipient address rejected: …</c>, says that there is no such mailbox. 5.1.1 says it by
    /// itself, unless a probe has found out something else; another permanent code by its words, 5.1.0 only of a recipient (it is an
    /// unknown sender's), and a temporary one not at all.
    /// </summary>
    /// <remarks>
    /// The words are those behind the recipient, or a milter's, with nothing before them. Where one with quotes is not repeated as he
    /// stands at the end it cannot be told where they begin, as he may hold whole replies: all places are tried, and one that says so is
    /// enough. Who writes such a recipient speaks against himself, as the address stands before it.
    /// </remarks>
    private static bool IsUnknown(
        ReadOnlySpan<byte> reply,
        scoped in RefusalEnd end,
        ReadOnlySpan<byte> client,
        bool isCut,
        RefusalTexts refusals,
        bool inDoubt = false)
    {
        if (reply.Length < 5)
            return false;
        if (reply[4..].StartsWith("5.1.1 "u8))
            return !inDoubt && (EndsInTable(reply, end) || SaysUnknownByCode(reply, end, refusals));
        if (reply[4..].StartsWith("5.1.7 "u8) || reply[4..].StartsWith("5.1.8 "u8) || ReplyCode.IsOfCheck(reply)
            || LacksItsEnd(reply, isCut) || MayBeOfSender(reply, end))
            return false;
        var said = end.IsKnown ? ReplyCode.Skip(reply[..end.At]) : WordsIn(ReplyCode.Skip(reply));
        var isOfRecipient = RefusalEnd.IsRepeated(said, end.Recipient, out var length);
        if (reply[4..].StartsWith("5.1.0 "u8))
            return isOfRecipient && said[length..].StartsWith(Rejected) &&
                SayUnknown(said[(length + Rejected.Length)..], reply, end, client, refusals, inDoubt);
        // A milter's reply need not begin with the recipient.
        if (!said.StartsWith("<"u8))
            return SayUnknown(said, reply, end, client, refusals, inDoubt);
        if (isOfRecipient)
            return SayUnknown(BehindRecipient(said[length..]), reply, end, client, refusals, inDoubt) ||
                SayMissing(said[length..], reply, end, client, inDoubt);
        return !inDoubt && (end.Recipient.IsEmpty || end.Recipient.Contains((byte)'"')) && AnySaysUnknown(said, refusals);
    }

    /// <summary>Whether Postfix has looked him up in a table of its own, as of nearly all: <c>… in local recipient table</c>.</summary>
    private static bool EndsInTable(ReadOnlySpan<byte> reply, scoped in RefusalEnd end) => reply[..end.At].EndsWith(" table"u8);

    private static bool SaysUnknownByCode(ReadOnlySpan<byte> reply, scoped in RefusalEnd end, RefusalTexts refusals)
    {
        var result = ResultOf(reply, end);
        return result.IsEmpty || Verification.SaysUnknown(result, Bare(end.Recipient), refusals);
    }

    /// <summary>
    /// What a probe of the recipient has found out; none where there was none, or it cannot be told where the recipient ends.
    /// </summary>
    private static ReadOnlySpan<byte> ResultOf(ReadOnlySpan<byte> reply, scoped in RefusalEnd end)
    {
        if (!end.IsKnown)
            return default;
        var said = ReplyCode.Skip(reply[..end.At]);
        return RefusalEnd.IsRepeated(said, end.Recipient, out var length) ? Verification.ResultIn(said[length..]) : default;
    }

    /// <summary>The site's words without Postfix's own before them, which a sender's name may not be a part of with theirs.</summary>
    private static ReadOnlySpan<byte> BehindRecipient(ReadOnlySpan<byte> said) =>
        said.StartsWith(Rejected) ? said[Rejected.Length..] : said.TrimStart(": "u8);

    /// <summary>Whether words that may repeat names say so. Most of a log's are "Relay access denied".</summary>
    private static bool SayUnknown(
        ReadOnlySpan<byte> words,
        ReadOnlySpan<byte> reply,
        scoped in RefusalEnd end,
        ReadOnlySpan<byte> client,
        RefusalTexts refusals,
        bool inDoubt)
    {
        if (!refusals.SpeaksOfMissing(words))
            return false;
        var names = NamesOf(end.Recipient, reply, end, client);
        return inDoubt ? SiteWords.MaySayUnknown<Reader>(words, names, refusals) : SiteWords.SayUnknown<Reader>(words, names, refusals);
    }

    /// <summary>
    /// Whether a site's words say so together with Postfix's own before them, <c>Recipient address rejected: not found</c>, and name nobody
    /// else; in doubt, whether they begin with no name and hold no sender's address.
    /// </summary>
    private static bool SayMissing(
        ReadOnlySpan<byte> said, ReadOnlySpan<byte> reply, scoped in RefusalEnd end, ReadOnlySpan<byte> client, bool inDoubt)
    {
        if (!said.StartsWith(Rejected) || said.Length > RepeatedName.LongestCut)
            return false;
        var words = said[Rejected.Length..];
        Span<byte> room = stackalloc byte[RepeatedName.LongestCut];
        if (!RefusalTexts.SaysMissing(words) && !RefusalTexts.SaysMissing(RepeatedName.CutAddress(words, Bare(end.Recipient), room)))
            return false;
        var place = SiteWords.PlaceOfName(words, NamesOf(end.Recipient, reply, end, client));
        return inDoubt ? place != 0 && RepeatedName.Find(words, Bare(end.Sender), out _) < 0 : place < 0;
    }

    private static RefusedNames NamesOf(
        ReadOnlySpan<byte> recipient, ReadOnlySpan<byte> reply, scoped in RefusalEnd end, ReadOnlySpan<byte> client) =>
        new() { Recipient = Bare(recipient), Sender = end.Sender, Client = client, Helo = HeloIn(reply[end.Until..]) };

    /// <summary>What a client calls itself: <c> proto=ESMTP helo=&lt;NAME&gt;</c>.</summary>
    private static ReadOnlySpan<byte> HeloIn(ReadOnlySpan<byte> end)
    {
        var at = end.IndexOf(HeloAt);
        var until = end.LastIndexOf((byte)'>');
        return at >= 0 && until > at + HeloAt.Length ? end[(at + HeloAt.Length)..until] : default;
    }

    private static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> address) => address.Length > 2 ? address[1..^1] : default;

    /// <summary>
    /// Whether a reply is of the sender where quotes are none of Postfix's: he may hold what looks like the end of the line, and is
    /// repeated with it.
    /// </summary>
    private static bool MayBeOfSender(ReadOnlySpan<byte> reply, scoped in RefusalEnd end)
    {
        if (!end.IsKnown)
            return false;
        var said = ReplyCode.Skip(reply);
        // He may begin as the recipient does, and go on as a reply to it.
        if (RefusalEnd.IsRepeated(said, end.Sender, out var length) && said[length..].StartsWith(SenderRejected) &&
            !(RefusalEnd.IsRepeated(said, end.Recipient, out var recipientLength) && recipientLength > length))
            return true;
        var rest = reply[..(end.At + SenderAt.Length - 1 + end.Sender.Length)];
        while (rest.IndexOf(SenderAt) is >= 0 and var at)
        {
            rest = rest[(at + SenderAt.Length - 1)..];
            if (said.StartsWith(rest) && said[rest.Length..].StartsWith(SenderRejected))
                return true;
        }

        return false;
    }

    /// <summary>Whether the words behind any closing bracket of a text say so.</summary>
    private static bool AnySaysUnknown(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        for (var rest = text; rest.IndexOf(">: "u8) is >= 0 and var at;)
        {
            rest = rest[(at + 3)..];
            var words = rest.StartsWith(Rejected[2..]) ? rest[(Rejected.Length - 2)..] : rest;
            if (!words.StartsWith(SenderRejected[2..]) && refusals.SaysUnknown(words))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Reads <c>550 5.1.0 &lt;SENDER&gt;: Sender address rejected: User unknown in local recipient table; from=&lt;SENDER&gt; …</c>:
    /// whether there is a user of this site can be asked by the sender, too. Of another site it is none of this one's names.
    /// </summary>
    /// <remarks>
    /// The words are those behind the sender, who is known from the end of the line: one that needs quotes may hold them himself, and has
    /// them there. What Postfix's own tables and local(8) say (<c>undeliverable address: unknown user: "x"</c>) is of this site, whatever
    /// the recipient's; what another server has said comes after its name.
    /// </remarks>
    private static bool TryReadSender(
        ReadOnlySpan<byte> reply,
        scoped in RefusalEnd end,
        ReadOnlySpan<byte> client,
        bool isCut,
        RefusalTexts refusals,
        out ReadOnlySpan<byte> sender)
    {
        sender = default;
        // 5.1.1 is of a recipient.
        if (reply.Length < 5 || reply[4..].StartsWith("5.1.1 "u8))
            return false;
        var isUnlisted = reply[4..].StartsWith("5.1.0 "u8);
        if (!end.IsKnown)
            return isUnlisted && end.Until == 0 && TryReadUnlisted(ReplyCode.Skip(reply), isCut, out sender);
        var said = ReplyCode.Skip(reply[..end.At]);
        if (!RefusalEnd.IsRepeated(said, end.Sender, out var length) || !said[length..].StartsWith(SenderRejected))
            return false;
        // Without quotes a sender may hold all of such a line, and is repeated with it.
        if (said.IndexOf(reply[end.At..(end.At + SenderAt.Length - 1 + end.Sender.Length)]) >= 0)
            return false;
        sender = end.Sender;
        var words = said[(length + SenderRejected.Length)..];
        // With show_user_unknown_table_name = no it names no table.
        if (words.StartsWith(Unknown) || (isUnlisted && words.SequenceEqual(RefusalTexts.Usual)))
            return true;
        if (!words.StartsWith(Undeliverable))
            return IsOfSameDomain(sender, end.Recipient) && !ReplyCode.IsOfCheck(reply) && refusals.SpeaksOfMissing(words) &&
                SiteWords.SayUnknown<Reader>(words, NamesOf(sender, reply, end, client), refusals);
        words = words[Undeliverable.Length..];
        return Verification.IsOfOwnTable(words) ||
            (IsOfSameDomain(sender, end.Recipient) && Verification.SaysUnknown(words, Bare(sender), refusals));
    }

    /// <summary>
    /// Reads a refusal with 5.1.0 whose end is missing: sender and recipient may be so long that the log leaves it out. Postfix says that
    /// code of nothing but a sender whom its tables do not have.
    /// </summary>
    private static bool TryReadUnlisted(ReadOnlySpan<byte> said, bool isCut, out ReadOnlySpan<byte> sender)
    {
        sender = default;
        if (!said.StartsWith("<"u8))
            return false;
        var at = said.IndexOf(SenderRejected);
        var isShown = at > 0 && said[at - 1] == '>' && said[(at + SenderRejected.Length)..].StartsWith(Unknown);
        if (isShown && !said[..at].ContainsAny((byte)' ', (byte)'"'))
            sender = said[..at];
        return isCut || isShown;
    }

    private static bool IsOfSameDomain(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var (at, otherAt) = (one.LastIndexOf((byte)'@'), other.LastIndexOf((byte)'@'));
        return at >= 0 && otherAt >= 0 && Ascii.EqualsIgnoreCase(one[at..], other[otherAt..]);
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

    /// <summary>What stands before the sender, or before the recipient where none is told.</summary>
    private static ReadOnlySpan<byte> WordsIn(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf(SenderAt);
        if (end < 0)
            end = text.IndexOf("; to=<"u8);
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

    /// <summary>Reads what follows a recipient, or a milter's reply, with nothing of a client's in it.</summary>
    private readonly struct Reader : IRefusalReader
    {
        // They may have the recipient in them once more. "Recipient address rejected" is half of what says so, and a sender's name that
        // they repeat may be the other half.
        public static bool SayUnknown(ReadOnlySpan<byte> words, ReadOnlySpan<byte> sender, RefusalTexts refusals) =>
            AnySaysUnknown(words, refusals) || (refusals.SaysUnknown(words) && !(words.StartsWith(">: "u8) &&
                RepeatedName.Find(words, RepeatedName.NameOf(Bare(sender)), out _, asWord: true) >= 0));

        // What Postfix says itself has a code by which it is known.
        public static bool AreServers(ReadOnlySpan<byte> words) => false;

        public static ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> words) => words;
    }
}
