using System.Buffers.Text;

namespace BlockSmtp.Logs;

/// <summary>Writes an entry of the journal as a line of syslog: <c>2026-11-23T17:51:30.000352Z mail1 sm-mta[1043]: message</c>.</summary>
internal static class JournalLine
{
    /// <summary>What may come before the message: stamp, host (RFC 1035 section 2.3.4) and tag. More than that is not taken.</summary>
    public const int MaxHead = 1024;

    private const int MaxWord = 256;

    /// <summary>Appends the line with its line feed.</summary>
    /// <returns>How many bytes it has; 0 when it cannot be a line that is wanted, -1 when it is too long.</returns>
    public static int Write(JournalHandle entry, ulong loggedAt, int processId, Span<byte> target)
    {
        // The sender's own time, as the kernel stamped it; the journal's is when it got round to it.
        var stamp = Utf8Parser.TryParse(entry.Field("_SOURCE_REALTIME_TIMESTAMP"u8), out ulong sent, out _) ? sent : loggedAt;
        if (stamp > (ulong)((DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond))
            return 0;
        var time = DateTime.UnixEpoch.AddMicroseconds(stamp);
        Utf8Formatter.TryFormat(time, target, out _, 'O');
        // 'O' ends in seven digits and Z; the journal knows six.
        "Z"u8.CopyTo(target[26..]);
        var at = 27;
        target[at++] = (byte)' ';
        if (!TryAddWord(entry.Field("_HOSTNAME"u8), target, ref at))
            target[at++] = (byte)'-';
        target[at++] = (byte)' ';
        if (!TryAddWord(entry.Field("SYSLOG_IDENTIFIER"u8), target, ref at))
            return 0;
        target[at++] = (byte)'[';
        Utf8Formatter.TryFormat(processId, target[at..], out var digits);
        at += digits;
        "]: "u8.CopyTo(target[at..]);
        at += 3;

        var message = entry.Field("MESSAGE"u8).TrimEnd("\r\n\0"u8);
        if (at + message.Length > LineCutter.MaxLineLength)
            return -1;
        foreach (var letter in message)
            target[at++] = letter is < 0x20 or 0x7f ? (byte)'?' : letter;
        target[at++] = (byte)'\n';
        return at;
    }

    private static bool TryAddWord(ReadOnlySpan<byte> word, Span<byte> target, ref int at)
    {
        if (word.IsEmpty || word.Length > MaxWord || word.IndexOfAnyInRange((byte)0, (byte)' ') >= 0)
            return false;
        word.CopyTo(target[at..]);
        at += word.Length;
        return true;
    }
}
