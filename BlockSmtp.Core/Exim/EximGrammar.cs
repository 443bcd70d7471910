using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Exim;

/// <summary>Exim's lines (docs/exim.md).</summary>
internal readonly struct EximGrammar : IMailGrammar
{
    public static LineBearing Look(ReadOnlySpan<byte> message, LogProgram program, RefusalTexts refusals) =>
        // Of those that begin so, most are a refusal. Of a part nobody knows.
        message.StartsWith("H="u8)
            || RepeatedLine.MayBeOne(message)
            || (MayNameClient(message) && IsOfClient(message))
            || IsPart(message)
            ? LineBearing.Alone
            : LineBearing.Acceptance | LineBearing.Probe;

    public static void Read(scoped in SyslogLine line, MailEventsWanted wants, RefusalTexts refusals, out MailEvent read)
    {
        read = default;
        var message = line.Message;
        if (SyslogText.TryReadPart(message, out var part))
        {
            // Parts of several processes come between each other, and the second may begin with a client's text.
            if (part.Part != 1 || part.Parts != 1)
            {
                read = part;
                read.Kind = line.ProcessId == 0 ? MailEventKind.None : MailEventKind.Part;
                return;
            }

            message = part.Text;
        }

        message = SyslogText.Of(message);
        var text = MainlogLine.WithoutProcess(message);
        if (MainlogLine.IsOverflow(text))
        {
            read.Kind = MailEventKind.Overflow;
            // The process, as the main log has it.
            if (text.Length < message.Length)
                read.Text = message[1..^(text.Length + "] ".Length)];
        }
        else if (ClientAt(text) is >= 0 and var at)
        {
            Rejection.Read(text[at..], refusals, ref read);
        }
        else if (text.StartsWith("VRFY failed for "u8))
        {
            VerifyText.Read(text["VRFY failed for "u8.Length..], ref read);
        }
        else if (text.StartsWith("unqualified verify rejected: "u8))
        {
            VerifyText.Read(text["unqualified verify rejected: "u8.Length..], ref read);
        }
        else if ((wants & MailEventsWanted.Acceptances) != 0)
        {
            var length = MainlogLine.IdLength(text);
            if (length > 0)
                AcceptedMail.Read(text, length, ref read);
        }
    }

    /// <summary>
    /// Whether it may begin with a client, or with what may stand before one or in its place: a process, a part, a stamp, a message,
    /// asterisks.
    /// </summary>
    private static bool MayNameClient(ReadOnlySpan<byte> message) =>
        message.Length > 6 && (message[0] is (byte)'[' or (byte)' ' or (byte)'D' or (byte)'*' || message[4] == '-' || message[6] == '-');

    private static bool IsOfClient(ReadOnlySpan<byte> message)
    {
        var text = MainlogLine.WithoutProcess(SyslogText.Of(message));
        return ClientAt(text) >= 0 || MainlogLine.IsOverflow(text);
    }

    /// <summary>Where the client stands, <c>H=…</c>, by which a text begins or behind its message's id; -1 for nowhere.</summary>
    private static int ClientAt(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("H="u8))
            return 0;
        // A client whose name DNSSEC vouches for; syslog leaves out the blank.
        if (text.StartsWith(" DSH="u8) || text.StartsWith("DSH="u8))
            return text.IndexOf((byte)'H');
        return MainlogLine.HostAt(text) is > 0 and var at ? at : -1;
    }

    private static bool IsPart(ReadOnlySpan<byte> message) => message[0] == '[' && SyslogText.TryReadPart(message, out _);

    public static ReadOnlySpan<byte> WordsOfRefusal(ReadOnlySpan<byte> message)
    {
        if (SyslogText.TryReadPart(message, out var part))
            message = part.Part == 1 ? part.Text : default;
        var text = MainlogLine.WithoutProcess(SyslogText.Of(message));
        return text.StartsWith("H="u8) ? Rejection.WordsOf(text) : default;
    }

    public static bool TryReadRelay(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address)
    {
        // No line of Exim's ends a transaction by naming its client at the end.
        address = default;
        return false;
    }
}
