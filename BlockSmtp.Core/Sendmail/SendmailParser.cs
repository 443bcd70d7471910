using System.Runtime.CompilerServices;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Reads the few kinds of sendmail's log lines that matter (docs/sendmail.md). A client can put nearly any text into a
/// line, so an address is taken only from where sendmail itself writes it: directly after the queue id, or at the very end.
/// </summary>
internal static class SendmailParser
{
    // The length of ": VRFY " and of ": EXPN ".
    private const int ProbeStartLength = 7;

    /// <summary>A quick look: no line that is an offense without a VRFY or EXPN ends in anything else.</summary>
    private static ReadOnlySpan<byte> UnknownEnd => "... User unknown"u8;

    /// <summary>What a line begins with that tells of a new connection.</summary>
    public static ReadOnlySpan<byte> ConnectStart => "NOQUEUE: connect from "u8;

    /// <summary>Reads a line of the mail server.</summary>
    /// <param name="line">The line.</param>
    /// <param name="wants">What somebody waits for.</param>
    /// <param name="read">What it tells.</param>
    public static void Read(in SyslogLine line, MailEventsWanted wants, out MailEvent read)
    {
        read = default;
        var text = line.Message;
        var length = QueueId.LengthIn(text);
        if (length > 0)
            ReadTransaction(text[(length + 2)..], wants, ref read);
        // What looked like a queue id may have been "poststats".
        if (read.Kind > MailEventKind.Ambiguous && QueueId.TryRead(text, length, out read.Id))
            return;
        if (read.Kind != MailEventKind.Ambiguous)
            ReadDaemon(text, ref read);
    }

    /// <summary>
    /// Whether a message may matter although its process has not offended: an offense, or one without a queue id. A quick look at its
    /// first and last character, that errs on the side of yes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayStandAlone(byte first, byte last) => first is (byte)'N' or (byte)'s' || last is (byte)'n' or (byte)'\r';

    /// <summary>Reads a line that has no queue id.</summary>
    private static void ReadDaemon(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        read.Kind = MailEventKind.None;
        if (text.StartsWith(ConnectStart) && RelayText.TryReadWhole(text[ConnectStart.Length..], out read.Text))
            read.Kind = MailEventKind.Connect;
        else if (text.StartsWith("starting daemon ("u8))
            read.Kind = MailEventKind.DaemonStart;
    }

    /// <summary>Reads what follows the queue id.</summary>
    private static void ReadTransaction(ReadOnlySpan<byte> text, MailEventsWanted wants, ref MailEvent read)
    {
        if (text.EndsWith(UnknownEnd))
        {
            ReadUnknown(text, ref read);
            return;
        }

        // Most lines are the ends of transactions and the deliveries after them.
        if (text.StartsWith("from="u8))
        {
            read.Kind = wants == MailEventsWanted.None ? MailEventKind.None : MailEventKind.TransactionEnd;
            read.Text = text;
            if ((wants & MailEventsWanted.Acceptances) != 0)
                AcceptedMail.Read(text, ref read);
        }
        else if (text.IsEmpty || text.StartsWith("to="u8) || text.StartsWith("ruleset="u8))
        {
            if ((wants & MailEventsWanted.Acceptances) != 0 && text.StartsWith("to="u8) && AcceptedMail.TryReadDelivery(text, out read.Recipient))
                read.Kind = MailEventKind.Delivery;
        }
        else if (RelayText.TryRead(text, out var address, out var length))
        {
            ReadClient(text[length..], address, ref read);
        }
        else if (TryReadAfter(text, "lost input channel from "u8, " to "u8, out address) ||
            TryReadAfter(text, "timeout waiting for input from "u8, " during "u8, out address))
        {
            read.Kind = MailEventKind.Relay;
            read.Text = address;
        }
    }

    /// <summary>Reads a line that ends in <see cref="UnknownEnd"/>: an unknown recipient, or something that a client made look like one.</summary>
    private static void ReadUnknown(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        read.Text = text[..^UnknownEnd.Length];
        if (text[0] == '<')
        {
            // As nearly all are.
            read.Recipient = read.Text;
            read.Kind = MailEventKind.UnknownRecipient;
        }
        else if (RelayText.TryRead(text, out var address, out var length) && IsProbe(text[length..]))
        {
            // EXPN <c>... User unknown
            read.Kind = MailEventKind.Probe;
            read.Recipient = text[(length + ProbeStartLength)..];
            read.Text = address;
        }
        else if (text.StartsWith("ruleset=check_rcpt, arg1="u8))
        {
            // The relay stands between two copies of the recipient: the queue id will tell it more surely.
            read.Kind = MailEventKind.UnknownRecipient;
            read.Recipient = RecipientText.InRuleset(read.Text);
        }
        else
        {
            read.Recipient = read.Text;
            read.Kind = RecipientText.IsRecipient(read.Text) ? MailEventKind.UnknownRecipient : MailEventKind.Ambiguous;
        }
    }

    /// <summary>Reads what follows the client directly after the queue id.</summary>
    private static void ReadClient(ReadOnlySpan<byte> text, ReadOnlySpan<byte> address, ref MailEvent read)
    {
        if (IsProbe(text))
        {
            read.Kind = MailEventKind.Probe;
            read.Recipient = text[ProbeStartLength..];
        }
        else if (text.StartsWith(": Possible SMTP RCPT flood"u8) || text.StartsWith(": possible SMTP attack: "u8) || text.StartsWith(" did not issue "u8))
            read.Kind = MailEventKind.Relay;
        else
            return;
        read.Text = address;
    }

    /// <summary>A VRFY or EXPN with a name; without one it guesses nothing. Where they are refused, <c>[rejected]</c> follows.</summary>
    private static bool IsProbe(ReadOnlySpan<byte> text) =>
        (text.StartsWith(": VRFY "u8) || text.StartsWith(": EXPN "u8)) && !text[ProbeStartLength..].SequenceEqual("[rejected]"u8);

    private static bool TryReadAfter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, out ReadOnlySpan<byte> address)
    {
        address = default;
        return text.StartsWith(before) && RelayText.TryRead(text[before.Length..], out address, out var length) &&
            text[(before.Length + length)..].StartsWith(after);
    }
}
