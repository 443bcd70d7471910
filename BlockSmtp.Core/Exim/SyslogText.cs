using System.Buffers.Text;
using BlockSmtp.Grammars;

namespace BlockSmtp.Exim;

/// <summary>
/// What Exim adds to a line that it hands to syslog (<c>log_file_path = syslog</c>): a stamp of its own, and numbers of the parts that it
/// cuts a long line into.
/// </summary>
internal static class SyslogText
{
    // Each part but the last of a line has so much of it (log.c, MAX_SYSLOG_LEN); a log that strips blanks from the end may have less.
    private const int PartLength = 870;
    private const int MostBlanks = 100;

    /// <summary>The line as the main log has it.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message)
    {
        if (message.Length < 21 || message[4] != '-' || message[7] != '-' || message[10] != ' ' || message[13] != ':')
            return message;
        var end = message[19..].IndexOf((byte)' ');
        if (end < 0)
            return message;
        message = message[(19 + end + 1)..];
        return message.Length > 6 && message[0] is (byte)'+' or (byte)'-' && message[5] == ' ' ? message[6..] : message;
    }

    /// <summary>
    /// Reads <c>[1/3] </c>, a part that goes on in the next one unless it is the last, and <c>[1\3] </c>, the end of the first of several
    /// lines of an entry (log.c, write_syslog).
    /// </summary>
    /// <param name="message">What Exim has handed to syslog.</param>
    /// <param name="part">Which part it is, and its text.</param>
    public static bool TryReadPart(ReadOnlySpan<byte> message, out MailEvent part)
    {
        part = default;
        if (message.IsEmpty || message[0] != '[')
            return false;
        var end = message[..Math.Min(message.Length, 12)].IndexOf("] "u8);
        var mark = end < 0 ? -1 : message[..end].IndexOfAny((byte)'/', (byte)'\\');
        if (mark < 0 || !TryReadNumber(message[1..mark], out part.Part) || !TryReadNumber(message[(mark + 1)..end], out part.Parts))
            return false;
        if (message[mark] == '\\')
            part.Parts = part.Part;
        part.Text = message[(end + 2)..];
        if (part.Part < part.Parts && PartLength - part.Text.Length is > 0 and <= MostBlanks and var missing)
            part.MissingBlanks = missing;
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out ushort number) =>
        Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && number > 0;
}
