using System.Buffers.Text;

namespace BlockSmtp.Syslog;

/// <summary>
/// What a syslog daemon says of lines that it has dropped because there were too many:
/// <code>
/// mail1 rsyslogd: imuxsock[pid 4711]: 99 messages lost due to rate-limiting (200 allowed within 5 seconds)
/// mail1 rsyslogd-2177: imuxsock lost 99 messages from pid 4711 due to rate-limiting
/// mail1 rsyslogd: imuxsock[pid: 4711, name: /usr/lib/postfix/sbin/smtpd]: 99 messages lost due to rate-limiting (200 allowed …)
/// mail1 systemd-journald[210]: Suppressed 99 messages from sendmail.service
/// </code>
/// (rsyslog's runtime/ratelimit.c, systemd's journald-server.c.)
/// </summary>
internal static class LostLines
{
    /// <summary>Whether a program tells of lines that were dropped.</summary>
    public static bool MayTell(ReadOnlySpan<byte> tag) => tag.StartsWith("rsyslogd"u8) || tag.StartsWith("systemd-journal"u8);

    /// <summary>Reads how many lines were dropped that may be the mail server's.</summary>
    /// <param name="line">A line of any program.</param>
    /// <param name="count">How many.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out long count)
    {
        count = 0;
        if (!SyslogLineParser.TryGetStamp(line, out var stamp))
            return false;
        // Only where the name of the program stands: anything behind it may be a stranger's.
        var text = line[(line.IndexOf(stamp) + stamp.Length)..].TrimStart((byte)' ');
        var host = text.IndexOf((byte)' ');
        if (host < 0 || !MayTell(text[(host + 1)..]))
            return false;
        text = text[(host + 1)..];
        var end = text.IndexOf(": "u8);
        if (end < 0 || text[..end].Contains((byte)' '))
            return false;
        var message = text[(end + 2)..];
        return text.StartsWith("rsyslogd"u8)
            ? TryReadRsyslog(message, out count)
            : TryReadJournald(message, out count, out var unit) && IsMailServer(unit);
    }

    /// <summary>Reads <c>Suppressed 99 messages from sendmail.service</c>.</summary>
    /// <param name="message">What journald says.</param>
    /// <param name="count">How many.</param>
    /// <param name="unit">Whose.</param>
    public static bool TryReadJournald(ReadOnlySpan<byte> message, out long count, out ReadOnlySpan<byte> unit)
    {
        count = 0;
        unit = default;
        if (!message.StartsWith("Suppressed "u8)
            || !TryReadCount(message["Suppressed ".Length..], out count, out var rest)
            || !rest.StartsWith(" messages from "u8))
            return false;
        unit = rest[" messages from ".Length..].TrimEnd("\r\n "u8);
        return true;
    }

    /// <summary>Whether a unit or a program is the mail server by its name.</summary>
    public static bool IsMailServer(ReadOnlySpan<byte> name) =>
        name.IndexOf("sendmail"u8) >= 0
        || name.IndexOf("sm-mta"u8) >= 0
        // "postfix@-.service", "/usr/lib/postfix/sbin/smtpd", "/usr/libexec/postfix/smtpd".
        || name.IndexOf("postfix"u8) >= 0
        // "exim4.service", "/usr/sbin/exim4".
        || name.StartsWith("exim"u8)
        || name.IndexOf("/exim"u8) >= 0;

    private static bool TryReadRsyslog(ReadOnlySpan<byte> message, out long count)
    {
        count = 0;
        if (!message.StartsWith("im"u8) || message.IndexOf("due to rate-limiting"u8) < 0)
            return false;
        // "imuxsock[pid: 51, name: /usr/sbin/cron]"
        var name = message.IndexOf("name: "u8);
        if (name >= 0 && !IsMailServer(message[(name + "name: ".Length)..]))
            return false;
        var at = message.IndexOf(" lost "u8);
        if (at < 0)
            return false;
        var number = message[(at + " lost ".Length)..];
        if (number.StartsWith("due "u8))
        {
            var before = message[..at];
            number = before.EndsWith(" messages"u8) ? before[(before[..^" messages".Length].LastIndexOf((byte)' ') + 1)..] : default;
        }

        return TryReadCount(number, out count, out _);
    }

    private static bool TryReadCount(ReadOnlySpan<byte> text, out long count, out ReadOnlySpan<byte> rest)
    {
        rest = default;
        if (!Utf8Parser.TryParse(text, out count, out var length) || count <= 0)
            return false;
        rest = text[length..];
        return true;
    }
}
