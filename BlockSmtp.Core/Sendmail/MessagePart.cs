using System.Buffers;
using System.Buffers.Text;
using BlockSmtp.Grammars;

namespace BlockSmtp.Sendmail;

/// <summary>
/// One of the lines that sendmail makes of a message too long for one (sm_syslog): <c>Q[1]: text ...</c>, <c>Q[2]: text</c>. The number
/// stands where no client writes: all of its text is behind the first colon and space of a line, and before these there is sendmail's.
/// </summary>
internal static class MessagePart
{
    // "NOQUEUE" is the shortest; a queue id has 16 characters at most.
    private const int ShortestName = 7;
    private const int LongestName = 16;

    // sendmail makes no more than 999 of a message.
    private const int MostDigits = 3;

    private static readonly SearchValues<byte> InName =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    /// <summary>Reads a part. False when a line is none.</summary>
    /// <param name="message">What follows <c>sm-mta[PID]: </c>.</param>
    /// <param name="read">The name of what it is of, its number and its text.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, ref MailEvent read)
    {
        var length = message[..Math.Min(message.Length, LongestName + 1)].IndexOfAnyExcept(InName);
        if (length < ShortestName || message[length] != '[')
            return false;
        var text = message[(length + 1)..];
        if (!Utf8Parser.TryParse(text, out ushort number, out var digits) || digits > MostDigits || number == 0)
            return false;
        if (!text[digits..].StartsWith("]: "u8))
            return false;
        read.Kind = MailEventKind.Part;
        read.Id = QueueId.Of(message[..length]);
        read.Part = number;
        read.Recipient = message[..length];
        read.Text = text[(digits + 3)..];
        return true;
    }
}
