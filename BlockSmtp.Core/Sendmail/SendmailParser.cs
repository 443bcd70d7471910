using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Reads the few kinds of sendmail's log lines that matter (docs/sendmail.md). A client can put nearly any text into a
/// line, so an address is taken only from where sendmail itself writes it: directly after the queue id, or at the very end.
/// </summary>
internal static class SendmailParser
{
    private const int UsualQueueIdLength = 14;

    // As long as a command is shown that was longer: of what it asked for the middle is missing.
    private const int LongestCommand = 203;

    // "STARTTLS" as a number, and beside it what follows the usual queue id: ": from=" and ": to=".
    private const ulong StartTls =
        'S' | ('T' << 8) | ('A' << 16) | ('R' << 24) | ((ulong)('T' | ('T' << 8) | ('L' << 16) | ('S' << 24)) << 32);
    private const ulong From =
        ':' | (' ' << 8) | ('f' << 16) | ((ulong)'r' << 24) | ((ulong)'o' << 32) | ((ulong)'m' << 40) | ((ulong)'=' << 48);
    private const ulong FromMask = ulong.MaxValue >> 8;
    private const ulong To = ':' | (' ' << 8) | ('t' << 16) | ((ulong)'o' << 24) | ((ulong)'=' << 32);
    private const ulong ToMask = ulong.MaxValue >> 24;

    // "tat=Sent", with which most deliveries end.
    private const ulong Sent = 't' | ('a' << 8) | ('t' << 16) | ('=' << 24) | ((ulong)('S' | ('e' << 8) | ('n' << 16) | ('t' << 24)) << 32);

    private const int QuickLength = UsualQueueIdLength + sizeof(ulong);

    // What follows a VRFY or EXPN where they are refused (PrivacyOptions).
    private static ReadOnlySpan<byte> Rejected => " [rejected]"u8;

    /// <summary>What a line begins with that tells of a new connection.</summary>
    public static ReadOnlySpan<byte> ConnectStart => "NOQUEUE: connect from "u8;

    /// <summary>Reads a line of the mail server.</summary>
    /// <param name="line">The line.</param>
    /// <param name="wants">What somebody waits for.</param>
    /// <param name="refusals">Tells what a refusal says.</param>
    /// <param name="read">What it tells.</param>
    public static void Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read)
    {
        read = default;
        var text = line.Message;
        var length = QueueId.LengthIn(text);
        if (length > 0)
            ReadTransaction(text[(length + 2)..], wants, refusals, ref read);
        // What looked like a queue id may have been "poststats".
        if (read.Kind > MailEventKind.Ambiguous && QueueId.TryRead(text, length, out read.Id))
        {
            // Who delivers is another process, unless the client waits for it.
            if (read.Kind == MailEventKind.ShownUnknown && read.Id.Sequence != (uint)line.ProcessId % 100_000)
                read.Kind = MailEventKind.None;
            return;
        }

        if (read.Kind != MailEventKind.Ambiguous)
            ReadDaemon(text, ref read);
    }

    /// <summary>
    /// What a message may matter for although its process has not offended. Nearly all lines tell of mail that came and
    /// went, or of an encrypted connection. Which of them comes next cannot be foretold, so that each branch would cost as
    /// much as all the rest: there is one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LineBearing Look(ReadOnlySpan<byte> message, RefusalTexts refusals)
    {
        if (message.Length < QuickLength)
            return LineBearing.Alone;
        ref var first = ref MemoryMarshal.GetReference(message);
        var word = EightBytes.At(ref first, UsualQueueIdLength);
        var isOfMail = ((word & FromMask) == From) | ((word & ToMask) == To);
        var isPlain = isOfMail & EndsAsMail(message, refusals);
        if (isPlain | (EightBytes.At(ref first, 0) == StartTls))
            return (LineBearing)((isPlain ? 1 : 0) * (int)LineBearing.Acceptance);
        return isOfMail && IsMail(message[(UsualQueueIdLength + 2)..], refusals) ? LineBearing.Acceptance : LineBearing.Alone;
    }

    /// <summary>
    /// Whether a line is what sendmail itself writes of mail that came or went, <c>from=&lt;…&gt;, size=</c> or
    /// <c>to=&lt;…&gt;, delay=</c>, and not the refusal of a client's <c>RCPT TO:from=&lt;joe@example.org&gt;</c>, who may write all of
    /// it into quotes, a comment or brackets. Errs on the side of no.
    /// </summary>
    /// <param name="text">What follows the queue id: <c>from=</c> or <c>to=</c> and more, not ending <see cref="EndsAsMail"/>.</param>
    /// <param name="refusals">Tells what words say.</param>
    private static bool IsMail(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        if (EndsInBracketOfMail(text, refusals))
            return true;
        if (LastWords.TryCut(text, out _, out var words) && refusals.SaysUnknown(words))
            return false;
        var isEnd = text.StartsWith("from="u8);
        var end = text.IndexOfAny((byte)',', (byte)'(', (byte)'"');
        // <anna@example.org>,<bob@example.org>
        while (!isEnd && end >= 0 && text[end..].StartsWith(",<"u8))
        {
            text = text[(end + 2)..];
            end = text.IndexOfAny((byte)',', (byte)'(', (byte)'"');
        }

        if (end < 0)
            return false;
        var rest = text[end..];
        return isEnd ? rest.StartsWith(", size="u8) : rest.StartsWith(", delay="u8) || rest.StartsWith(", ctladdr="u8);
    }

    /// <summary>Whether a text of eight characters or more ends in a client or in <c>stat=Sent</c>, as no words of a refusal do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndsAsMail(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        var last = EightBytes.At(ref MemoryMarshal.GetReference(text), text.Length - sizeof(ulong));
        return (((last >> 56) == ']') | (last == Sent)) & !refusals.EndAsMail;
    }

    /// <summary>Whether a text ends as no words of a refusal do, but as what sendmail says of mail does.</summary>
    private static bool EndsLikeMail(ReadOnlySpan<byte> text, RefusalTexts refusals) =>
        text.Length >= sizeof(ulong) && (EndsAsMail(text, refusals) || EndsInBracketOfMail(text, refusals));

    /// <summary>
    /// Whether a text ends in <c>stat=Sent (…)</c> or in <c>(may be forged)</c>, with no end of a recipient in that bracket: no words of a
    /// refusal do.
    /// </summary>
    private static bool EndsInBracketOfMail(ReadOnlySpan<byte> text, RefusalTexts refusals)
    {
        if (text[^1] != ')' || refusals.EndAsMail)
            return false;
        var (at, mayHaveDots) = LastBracketOf(text);
        if (at <= 0)
            return false;
        return text[at..].SequenceEqual("(may be forged)"u8)
            || (text[..at].EndsWith(", stat=Sent "u8) && !(mayHaveDots && text[at..].IndexOf("... "u8) >= 0));
    }

    /// <summary>Where the last bracket of a text opens, and whether there may be three dots behind that. Most are short.</summary>
    private static (int At, bool MayHaveDots) LastBracketOf(ReadOnlySpan<byte> text)
    {
        const int Width = 16;
        if (text.Length >= 2 * Width)
        {
            var (first, second) = (Vector128.Create(text[^(2 * Width)..^Width]), Vector128.Create(text[^Width..]));
            var brackets = Places(first, second, (byte)'(');
            if (brackets != 0)
            {
                var at = BitOperations.Log2(brackets);
                var dots = Places(first, second, (byte)'.') >> at;
                return (text.Length - (2 * Width) + at, (dots & (dots >> 1) & (dots >> 2)) != 0);
            }
        }

        return (text.LastIndexOf((byte)'('), true);

        static uint Places(Vector128<byte> first, Vector128<byte> second, byte sign) =>
            Vector128.Equals(first, Vector128.Create(sign)).ExtractMostSignificantBits()
            | (Vector128.Equals(second, Vector128.Create(sign)).ExtractMostSignificantBits() << Width);
    }

    /// <summary>The words with which a recipient was refused for good, as far as the line tells; none where it is another line.</summary>
    public static ReadOnlySpan<byte> WordsOfRefusal(ReadOnlySpan<byte> message)
    {
        var length = QueueId.LengthIn(message);
        if (length <= 0)
            return default;
        var text = message[(length + 2)..];
        if (Refusal.IsOne(text))
            return Refusal.WordsOf(text);
        return LastWords.TryCut(text, out var recipient, out var words)
            && recipient.StartsWith((byte)'<')
            && !OwnForms.IsCommand(text)
                ? words
                : default;
    }

    /// <summary>Reads a line that has no queue id.</summary>
    private static void ReadDaemon(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        read.Kind = MailEventKind.None;
        if (text.StartsWith(ConnectStart) && RelayText.TryReadWhole(text[ConnectStart.Length..], out read.Text))
            read.Kind = MailEventKind.Connect;
        else if (text.StartsWith("starting daemon ("u8))
            read.Kind = MailEventKind.DaemonStart;
        else
            MessagePart.TryRead(text, ref read);
    }

    /// <summary>Reads what follows the queue id.</summary>
    private static void ReadTransaction(ReadOnlySpan<byte> text, MailEventsWanted wants, RefusalTexts refusals, ref MailEvent read)
    {
        // Most lines are the ends of transactions and the deliveries after them.
        var isEnd = text.StartsWith("from="u8);
        var isOfMail = isEnd || text.StartsWith("to="u8);
        if (!isOfMail || !EndsLikeMail(text, refusals))
        {
            var hasWords = LastWords.TryCut(text, out var recipient, out var words);
            var saysUnknown = hasWords && refusals.SaysUnknown(words);
            if (Refusal.IsOne(text))
            {
                if ((saysUnknown || Refusal.MayBeOfMissing(text, words))
                    && Refusal.TryRead(text, refusals, out read.Recipient, out read.Text))
                    read.Kind = Refusal.MayHoldSender(text) ? MailEventKind.Doubtful : MailEventKind.UnknownRecipient;
                else if (saysUnknown && !Refusal.IsOfSender(text))
                    read.Kind = MailEventKind.Doubtful;
                return;
            }

            if (saysUnknown)
            {
                ReadUnknown(text, recipient, ref read);
                return;
            }

            // Behind the words of a refusal nothing stands.
            if (hasWords && !isOfMail && !text.EndsWith(Rejected))
            {
                if (OwnForms.IsAnswer(text, words))
                    read.Kind = MailEventKind.Answer;
                else
                    ReadClaim(text, ref read);
                return;
            }
        }

        if (isEnd)
        {
            read.Kind = wants == MailEventsWanted.None ? MailEventKind.None : MailEventKind.TransactionEnd;
            read.Text = text;
            if ((wants & MailEventsWanted.Acceptances) != 0)
                AcceptedMail.Read(text, ref read);
        }
        else if (isOfMail)
        {
            if ((wants & MailEventsWanted.Acceptances) == 0)
                return;
            if (AcceptedMail.TryReadDelivery(text, out read.Recipient))
            {
                read.Kind = MailEventKind.Delivery;
                read.IsOfAlias = !read.Recipient.StartsWith((byte)'<');
            }
            else if (AcceptedMail.TryReadUnknown(text, out read.Recipient))
                read.Kind = MailEventKind.ShownUnknown;
        }
        else if (text.IsEmpty || text.StartsWith("ruleset="u8))
        {
            return;
        }
        else if (RelayText.TryRead(text, out var address, out var length))
        {
            ReadClient(text[length..], address, ref read);
        }
        // Not "timeout waiting for input from": after a delivery that is the host that was delivered to (CurHostName).
        else if (TryReadAfter(text, "lost input channel from "u8, " to "u8, out address))
        {
            read.Kind = MailEventKind.Relay;
            read.Text = address;
        }
        else
        {
            ReadOdd(text, ref read);
        }
    }

    /// <summary>Reads a VRFY or EXPN of a client whose name is none of a host's: who it is, its process tells.</summary>
    private static void ReadOdd(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        var length = RelayText.LengthOfOdd(text);
        if (length == 0 || !IsProbe(text[length..], out var nameAt))
            return;
        read.Kind = MailEventKind.Probe;
        read.Recipient = NameIn(text[length..], nameAt);
    }

    /// <summary>
    /// Reads what looks like a VRFY or EXPN and has <c>... </c> in it, as each line has that has a recipient from its beginning on: who it
    /// is, its process tells, or the end of its transaction, and any part of it may be the name.
    /// </summary>
    private static void ReadClaim(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        if (!RelayText.TryRead(text, out _, out var length))
            length = RelayText.LengthOfOdd(text);
        if (length == 0 || !IsProbe(text[length..], out _))
            return;
        read.Kind = MailEventKind.Probe;
        read.IsClaim = true;
        read.Recipient = text;
    }

    /// <summary>
    /// Reads a line that ends in the words of a refusal: an unknown recipient, or something that a client made look like one.
    /// </summary>
    private static void ReadUnknown(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> text, ref MailEvent read)
    {
        read.Recipient = text;
        if (text.IsEmpty)
            read.Kind = MailEventKind.Ambiguous;
        else if (text[0] == '<' && !OwnForms.IsCommand(text))
            read.Kind = MailEventKind.UnknownRecipient; // As nearly all are.
        else if (!Refusal.IsOfSender(whole))
        {
            // EXPN <c>... User unknown, or a recipient that was written so.
            ReadClaim(whole, ref read);
            if (read.Kind == MailEventKind.None)
                read.Kind = OwnForms.IsOne(text) ? MailEventKind.Doubtful : MailEventKind.UnknownRecipient;
            if (read.Kind == MailEventKind.Doubtful)
                read.Text = OwnForms.AnsweredIn(text);
        }
    }

    /// <summary>Reads what follows the client directly after the queue id.</summary>
    private static void ReadClient(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, ref MailEvent read)
    {
        if (IsProbe(text, out var nameAt))
        {
            read.Kind = MailEventKind.Probe;
            read.Recipient = NameIn(text, nameAt);
        }
        else if (text.StartsWith(": Possible SMTP RCPT flood"u8)
            || text.StartsWith(": possible SMTP attack: "u8)
            || text.StartsWith(" did not issue "u8))
            read.Kind = MailEventKind.Relay;
        else
            return;
        read.Text = address;
    }

    /// <summary>
    /// A VRFY or EXPN with a name, as the client has typed it, with whatever blanks before and behind the verb; without a name it guesses
    /// nothing. Where they are refused, <c>[rejected]</c> follows.
    /// </summary>
    private static bool IsProbe(ReadOnlySpan<byte> text, out int nameAt)
    {
        nameAt = 0;
        if (!text.StartsWith(": "u8))
            return false;
        var verb = 2 + BlanksAt(text[2..]);
        if (text.Length < verb + 4
            || !(Ascii.EqualsIgnoreCase(text.Slice(verb, 4), "VRFY"u8) || Ascii.EqualsIgnoreCase(text.Slice(verb, 4), "EXPN"u8)))
            return false;
        nameAt = verb + 4 + BlanksAt(text[(verb + 4)..]);
        return nameAt > verb + 4 && nameAt < text.Length && !text[nameAt..].SequenceEqual(Rejected[1..]);
    }

    /// <summary>How much of a text the blanks take that it begins with, all that are (isspace), as the log has them.</summary>
    private static int BlanksAt(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (BlankLength(text[at..]) is > 0 and var length)
            at += length;
        return at;
    }

    private static int BlankLength(ReadOnlySpan<byte> text) =>
        text.IsEmpty ? 0
        : text[0] is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r') ? 1
        : text.StartsWith("\\t"u8) || text.StartsWith("\\r"u8) || text.StartsWith("\\n"u8) ? 2
        : text.StartsWith("\\013"u8) || text.StartsWith("\\014"u8) ? 4
        : 0;

    /// <summary>The name of a probe; none where not all of it is shown, so that each of these counts as another.</summary>
    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> text, int nameAt) =>
        text.Length >= 2 + LongestCommand ? default : text[nameAt..];

    private static bool TryReadAfter(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, out ReadOnlySpan<byte> address)
    {
        address = default;
        return text.StartsWith(before) && RelayText.TryRead(text[before.Length..], out address, out var length) &&
            text[(before.Length + length)..].StartsWith(after);
    }
}
