namespace BlockSmtp.Exim;

/// <summary>
/// What Exim adds to a line that it hands to syslog (<c>log_file_path = syslog</c>): a stamp of its own, and numbers of the parts that it
/// cuts a long line into.
/// </summary>
internal static class SyslogText
{
    /// <summary>The line as the main log has it; empty for the second part of a long one, which may begin with a client's text.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> message)
    {
        message = FirstPart(message);
        if (message.Length < 21 || message[4] != '-' || message[7] != '-' || message[10] != ' ' || message[13] != ':')
            return message;
        var end = message[19..].IndexOf((byte)' ');
        if (end < 0)
            return message;
        message = message[(19 + end + 1)..];
        return message.Length > 6 && message[0] is (byte)'+' or (byte)'-' && message[5] == ' ' ? message[6..] : message;
    }

    /// <summary>Leaves out <c>[1/3] </c> and <c>[1\3] </c>.</summary>
    private static ReadOnlySpan<byte> FirstPart(ReadOnlySpan<byte> message)
    {
        if (message.Length < 6 || message[0] != '[')
            return message;
        var end = message[..Math.Min(message.Length, 12)].IndexOf("] "u8);
        if (end < 0 || message[..end].IndexOfAny((byte)'/', (byte)'\\') < 0)
            return message;
        return message[1] == '1' && message[2] is (byte)'/' or (byte)'\\' ? message[(end + 2)..] : default;
    }
}
