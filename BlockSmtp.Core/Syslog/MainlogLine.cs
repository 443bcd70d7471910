namespace BlockSmtp.Syslog;

/// <summary>
/// Tells a line of Exim's main log (<c>2026-11-27 04:45:44 H=…</c>), which names no host and no program, from one that syslog has written
/// with the same stamp. What follows the stamp is Exim's: a client's text never stands there.
/// </summary>
internal static class MainlogLine
{
    private const int OldIdLength = 16;
    private const int NewIdLength = 23;

    /// <summary>Whether a line is one of the main log, and one that may tell of a client.</summary>
    /// <param name="text">What follows the stamp and a space.</param>
    public static bool IsOne(ReadOnlySpan<byte> text)
    {
        text = WithoutProcess(text);
        return text.StartsWith("H="u8) || IdLength(text) > 0 ||
            text.StartsWith("VRFY failed for "u8) || text.StartsWith("unqualified "u8) ||
            text.StartsWith("SMTP "u8) || text.StartsWith("rejected "u8) || text.StartsWith("exim "u8);
    }

    /// <summary>
    /// Whether a whole line, without a process and fractions of a second, is one of a message for certain: one that is taken or delivered,
    /// where nobody wants to know that, or done with.
    /// </summary>
    public static bool TellsNoRefusal(ReadOnlySpan<byte> line, bool wantsDeliveries)
    {
        if (line.Length < 36 || line[26] != '-' || line[19] != ' ' || line[13] != ':' || line[10] != ' ' || line[4] != '-')
            return false;
        return line.EndsWith(" Completed"u8)
            ? line.Length is 20 + OldIdLength + 10 or 20 + NewIdLength + 10
            : !wantsDeliveries && IdLength(line[20..]) > 0;
    }

    /// <summary>Leaves out <c>[14758] </c> (<c>log_selector = +pid</c>).</summary>
    public static ReadOnlySpan<byte> WithoutProcess(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '[')
            return text;
        var end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1;
        return end > 1 && text[end..].StartsWith("] "u8) ? text[(end + 2)..] : text;
    }

    /// <summary>
    /// How long the message id is that a text begins with, before <c> &lt;= </c> or what tells of a delivery; 0 for none.
    /// </summary>
    public static int IdLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < OldIdLength + 4 || text[6] != '-')
            return 0;
        // 4.97 made them longer: 1qkPsV-0000000AbCd-0123.
        var length = text[13] == '-' ? OldIdLength : text.Length >= NewIdLength + 4 && text[18] == '-' ? NewIdLength : 0;
        return length > 0 && text[length] == ' ' && text[length + 3] == ' ' && IsOfArrow(text[length + 1]) && IsOfArrow(text[length + 2])
            ? length
            : 0;
    }

    private static bool IsOfArrow(byte character) => character is (byte)'<' or (byte)'=' or (byte)'>' or (byte)'-' or (byte)'*';
}
