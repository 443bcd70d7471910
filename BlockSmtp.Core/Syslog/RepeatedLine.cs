using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Syslog;

/// <summary>
/// What a syslog daemon writes in place of lines that are equal to the one before them:
/// <code>
/// mail1 sm-mta[19520]: message repeated 2 times: [ 6AU2ex45019520: &lt;x@example.org&gt;... User unknown]
/// mail1 sm-mta[19520]: last message repeated 2 times
/// mail1 sm-mta: Last message '6AU2ex45019520: &lt;x@e' repeated 2 times, suppressed by syslog-ng on mail1
/// mail1 last message repeated 2 times
/// --- last message repeated 2 times ---
/// </code>
/// (rsyslog's runtime/ratelimit.c, an older rsyslog, syslog-ng's logwriter.c, the syslogd of BSD and Solaris, macOS.)
/// </summary>
internal static class RepeatedLine
{
    /// <summary>More than so many in place of which one line stands are not counted.</summary>
    public const int Most = 1_000;

    // rsyslog shows no more of a message, with the space that it begins with.
    private const int LongestShown = 800;

    private static ReadOnlySpan<byte> Message => "message repeated "u8;

    private static ReadOnlySpan<byte> Last => "last message repeated "u8;

    private static ReadOnlySpan<byte> Quoted => "Last message '"u8;

    private static ReadOnlySpan<byte> Dashes => "--- "u8;

    /// <summary>Whether what is logged in a program's name is no message of its own but stands for others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBeOne(ReadOnlySpan<byte> message) =>
        !message.IsEmpty && (byte)(message[0] | 0x21) == 'm' && Begins(message);

    /// <summary>Reads <c>message repeated 2 times: [ TEXT]</c>.</summary>
    /// <param name="message">What is logged in a program's name.</param>
    /// <param name="count">How many lines it stands for.</param>
    /// <param name="text">What each of them says.</param>
    /// <param name="isCut">Whether more may have followed the text. What it says by itself is then anybody's guess.</param>
    public static bool TryReadMessage(ReadOnlySpan<byte> message, out int count, out ReadOnlySpan<byte> text, out bool isCut)
    {
        text = default;
        count = 0;
        isCut = false;
        if (!message.StartsWith(Message) || !TryReadCount(message[Message.Length..], out count, out var rest))
            return false;
        // A template of syslog may end lines with a space.
        rest = rest.TrimEnd((byte)' ');
        if (rest.Length < 4 || !rest.StartsWith(": ["u8) || rest[^1] != ']')
            return false;
        text = rest[3..^1];
        isCut = text.Length >= LongestShown;
        text = text.TrimStart((byte)' ');
        return !text.IsEmpty;
    }

    /// <summary>Reads what is logged in a program's name of the line before it.</summary>
    /// <param name="message">What is logged.</param>
    /// <param name="count">How many lines it stands for.</param>
    /// <param name="beginning">How the message of that line begins; empty where nothing is said of it.</param>
    public static bool TryReadLast(ReadOnlySpan<byte> message, out int count, out ReadOnlySpan<byte> beginning)
    {
        beginning = default;
        if (message.StartsWith(Last))
            return TryReadCount(message[Last.Length..], out count, out var rest) && rest.TrimEnd((byte)' ').IsEmpty;
        count = 0;
        var end = message.LastIndexOf("' repeated "u8);
        if (!message.StartsWith(Quoted) || end < Quoted.Length)
            return false;
        beginning = message[Quoted.Length..end];
        return !beginning.IsEmpty && TryReadCount(message[(end + "' repeated ".Length)..], out count, out var after)
            && after.StartsWith(", suppressed by syslog-ng on "u8);
    }

    /// <summary>Reads a line of the syslog daemon's own of the line before it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="stamp">When it was written.</param>
    /// <param name="host">Whose lines it stands for; empty where it does not say.</param>
    /// <param name="isOfAnyHost">Whether it does not say that, although other lines do.</param>
    /// <param name="count">How many lines it stands for.</param>
    public static bool TryReadLine(
        ReadOnlySpan<byte> line, out ReadOnlySpan<byte> stamp, out ReadOnlySpan<byte> host, out bool isOfAnyHost, out int count)
    {
        host = default;
        count = 0;
        isOfAnyHost = false;
        if (!SyslogLineParser.TryGetStamp(line, out stamp))
            return false;
        var text = line[(line.IndexOf(stamp) + stamp.Length)..].Trim((byte)' ');
        if (text.StartsWith(Dashes) && text.EndsWith(" ---"u8) && text.Length > Dashes.Length + 4)
        {
            isOfAnyHost = true;
            return TryReadLast(text[Dashes.Length..^4], out count, out _);
        }

        // Any other program may say these words of itself.
        for (var words = 0; words < 3 && !text.StartsWith(Last); words++)
        {
            var end = text.IndexOf((byte)' ');
            if (end < 0)
                return false;
            var word = text[..end];
            text = text[(end + 1)..].TrimStart((byte)' ');
            if (PriorityWord.IsOne(word) || (!host.IsEmpty && IsOfDaemon(word)))
                continue;
            if (!host.IsEmpty)
                return false;
            host = word;
        }

        return text.StartsWith(Last) && TryReadLast(text, out count, out _);
    }

    /// <summary>Whether a program is a syslog daemon that says such things in its own name.</summary>
    public static bool MayTell(ReadOnlySpan<byte> tag) => tag.SequenceEqual("syslogd"u8) || tag.SequenceEqual("syslog-ng"u8);

    private static bool IsOfDaemon(ReadOnlySpan<byte> word)
    {
        if (!word.EndsWith(":"u8))
            return false;
        var end = word.IndexOf((byte)'[');
        return MayTell(end < 0 ? word[..^1] : word[..end]);
    }

    private static bool Begins(ReadOnlySpan<byte> message) =>
        message.StartsWith(Message) || message.StartsWith(Last) || message.StartsWith(Quoted);

    /// <summary>Reads <c>2 times</c>.</summary>
    private static bool TryReadCount(ReadOnlySpan<byte> text, out int count, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (!Utf8Parser.TryParse(text, out count, out var length) || count <= 0 || !text[length..].StartsWith(" time"u8))
        {
            count = 0;
            return false;
        }

        count = Math.Min(count, Most);
        rest = text[(length + " time".Length)..];
        if (rest.StartsWith("s"u8))
            rest = rest[1..];
        return true;
    }
}
