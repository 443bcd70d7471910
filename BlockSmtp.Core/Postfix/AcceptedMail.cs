using System.Buffers;
using System.Buffers.Text;
using BlockSmtp.Grammars;

namespace BlockSmtp.Postfix;

/// <summary>
/// What Postfix says of the mail that it has taken, under one queue id: smtpd names the client, the queue manager how many recipients, and
/// others tell of deliveries.
/// </summary>
internal static class AcceptedMail
{
    // Short ones are of 6 hexadecimal digits and more, long ones (enable_long_queue_ids) of letters and digits.
    private const int LongestId = 24;

    private static readonly SearchValues<byte> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    /// <summary>Whether a text may be a queue id.</summary>
    public static bool IsId(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(IdCharacters);

    /// <summary>Reads a line that begins with a queue id.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isSmtpd">Whether smtpd has written it, which takes mail, or another, that passes it on.</param>
    /// <param name="read">What it tells.</param>
    public static void Read(ReadOnlySpan<byte> message, bool isSmtpd, ref MailEvent read)
    {
        var length = message[..Math.Min(message.Length, LongestId)].IndexOf(": "u8);
        if (length <= 0 || message.StartsWith("NOQUEUE"u8))
            return;
        var text = message[(length + 2)..];
        if (isSmtpd)
        {
            // What follows the client is of somebody who has logged in, or of a proxy.
            if (text.StartsWith("client="u8) && ClientText.TryRead(text["client="u8.Length..], out read.Text, out _))
                read.Kind = MailEventKind.Client;
        }
        else if (text.StartsWith("from=<"u8))
        {
            ReadTaken(text, ref read);
        }
        else if (text.StartsWith("to=<"u8) && TryReadDelivery(text, out read.Recipient))
        {
            read.Kind = MailEventKind.Delivery;
        }

        if (read.Kind == MailEventKind.None)
            return;
        if (IsId(message[..length]))
            read.Id = QueueId.Of(message[..length]);
        else
            read = default;
    }

    /// <summary>
    /// Reads <c>disconnect from HOST[ADDRESS] ehlo=1 mail=1 rcpt=2/7 data=1 quit=1 commands=6/11</c>; before Postfix 3.0 there are no
    /// numbers.
    /// </summary>
    /// <remarks>
    /// <c>bdat=</c> counts pieces: one that is not the last and then RSET make no message. Where a message was begun that was not sent with
    /// DATA to its end, which of the recipients have got one is not told, and none is taken; what was delivered is told by other lines.
    /// </remarks>
    public static void ReadEnd(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        if (!ClientText.TryRead(text, out read.Text, out var length))
            return;
        read.Kind = MailEventKind.SessionEnd;
        read.Recipients = Accepted(text[length..], " rcpt="u8);
        read.Messages = Accepted(text[length..], " mail="u8);
        var sent = Accepted(text[length..], " data="u8);
        read.IsTaken = read.Recipients > 0 && sent > 0 && sent >= read.Messages && Accepted(text[length..], " bdat="u8) == 0;
    }

    private static int Accepted(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..], out int number, out _) ? Math.Max(0, number) : 0;
    }

    /// <summary>Reads <c>from=&lt;…&gt;, size=300, nrcpt=2 (queue active)</c>: what is the queue manager's is its end.</summary>
    private static void ReadTaken(ReadOnlySpan<byte> text, ref MailEvent read)
    {
        var at = text.LastIndexOf(", nrcpt="u8);
        if (at < 0 || !Utf8Parser.TryParse(text[(at + ", nrcpt="u8.Length)..], out int recipients, out _) || recipients < 1 ||
            !text.EndsWith(" (queue active)"u8))
            return;
        read.Kind = MailEventKind.Taken;
        read.Sender = text.StartsWith("from=<>"u8) ? SenderKind.Null : SenderKind.Named;
        read.Recipients = recipients;
    }

    /// <summary>
    /// Reads <c>to=&lt;…&gt;, orig_to=&lt;…&gt;, relay=local, …, dsn=2.0.0, status=sent (…)</c>: the recipient as the client has named him,
    /// before an alias. What is thrown away (<c>relay=none</c>) has reached nobody.
    /// </summary>
    private static bool TryReadDelivery(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> recipient)
    {
        recipient = default;
        if (!TryTakeAddress("to="u8, ref text, out var named))
            return false;
        if (TryTakeAddress("orig_to="u8, ref text, out var original))
            named = original;
        // Behind it stands what Postfix says, and in brackets at the end what another server has said.
        var status = text.IndexOf(", status="u8);
        if (status < 0
            || !text[status..].StartsWith(", status=sent ("u8)
            || text[..status].LastIndexOf(", dsn=2."u8) < 0
            || text.StartsWith("relay=none,"u8))
            return false;
        recipient = named;
        return true;
    }

    /// <summary>Takes <c>to=&lt;x@example.org&gt;, </c> from the beginning of a text. What is in quotes ends nothing.</summary>
    private static bool TryTakeAddress(scoped ReadOnlySpan<byte> name, scoped ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> address)
    {
        address = default;
        if (!text.StartsWith(name) || text.Length <= name.Length || text[name.Length] != '<')
            return false;
        var rest = text[name.Length..];
        var end = BracketedAddress.EndIn(rest);
        if (end < 0)
            return false;
        address = rest[..(end + 1)];
        text = rest[(end + 1)..];
        if (!text.StartsWith(", "u8))
            return false;
        text = text[2..];
        return true;
    }
}
