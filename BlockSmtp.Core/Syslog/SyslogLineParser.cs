using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace BlockSmtp.Syslog;

/// <summary>
/// Takes lines of a syslog file apart and keeps those of the mail server. Reads the traditional format (also with a
/// priority word such as <c>&lt;mail.info&gt;</c>, as FreeBSD and BusyBox write it), ISO 8601 stamps, RFC 5424, and Exim's main log.
/// </summary>
internal sealed class SyslogLineParser
{
    /// <summary>Stands for the host where a log names none.</summary>
    public const int NoHost = -1;

    private static ReadOnlySpan<byte> Forwarded => "Message forwarded from "u8;

    // One server has one name; a log host has a few. More than this are not told apart from one another.
    private const int MostHosts = 256;

    // A longer name of host and program is read in full each time.
    private const int LongestOrigin = 256;

    private readonly byte[]? _host;
    private readonly MailerTags _tags;
    private readonly bool _readsMainlog;
    private readonly List<byte[]> _hosts = [];

    // Nearly every line is alike.
    private readonly LearnedHeader _usual;

    // "mail1 sm-mta[" as the last line had it that was read in full, and where in it the name of the mail server begins.
    private readonly byte[] _lastOrigin = new byte[LongestOrigin];
    private int _lastOriginLength;
    private int _lastTagAt;
    private int _lastHost;
    private LogProgram _lastProgram;

    /// <param name="host">The only host whose lines count; null for any.</param>
    /// <param name="tags">The names under which the mail server logs.</param>
    /// <param name="wanted">Which mail servers' lines count.</param>
    public SyslogLineParser(string? host, IEnumerable<string> tags, MailPrograms wanted = MailPrograms.Sendmail)
    {
        _host = host is null ? null : Encoding.UTF8.GetBytes(host);
        _tags = new MailerTags(tags, wanted);
        _readsMainlog = (wanted & MailPrograms.Exim) != 0;
        _usual = new LearnedHeader(_tags);
    }

    /// <summary>How many hosts have been told apart.</summary>
    public int HostCount => _hosts.Count;

    /// <summary>Whether lines matter that tell only of deliveries; where not, they may be idle ones.</summary>
    public bool WantsDeliveries
    {
        get => _tags.WantsDeliveries;
        set => _tags.WantsDeliveries = value;
    }

    /// <summary>The program of a line that <see cref="Look"/> has found to be the mail server's.</summary>
    public LogProgram UsualProgram => _usual.Program;

    /// <summary>The name of a host.</summary>
    public string HostName(int host) => host == NoHost ? "" : Encoding.UTF8.GetString(_hosts[host]);

    /// <summary>The number of a host that an earlier run has named; null when its lines do not count.</summary>
    public int? NumberOf(string name) => TryNumber(Encoding.UTF8.GetBytes(name), out var number) ? number : null;

    /// <summary>The time stamp of a line of any program.</summary>
    public static bool TryGetStamp(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> stamp)
    {
        stamp = default;
        line = SkipNumber(line, out var is5424);
        var length = is5424 ? line.IndexOf((byte)' ') : StampLength(line);
        if (length <= 0)
            return false;
        stamp = line[..length];
        return true;
    }

    /// <inheritdoc cref="LearnedHeader.IsUsual"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsUsual(ReadOnlySpan<byte> line, out int processId, out int messageAt) =>
        _usual.IsUsual(line, out processId, out messageAt);

    /// <inheritdoc cref="LearnedHeader.LookAtOther"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LineOwner LookAtOther(ReadOnlySpan<byte> line) => _usual.LookAtOther(line);

    /// <inheritdoc cref="LearnedHeader.Look"/>
    public LineOwner Look(ReadOnlySpan<byte> line, out int processId, out int messageAt) => _usual.Look(line, out processId, out messageAt);

    /// <summary>The parts of a line that <see cref="Look"/> has found to be the mail server's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SyslogLine PartsOf(ReadOnlySpan<byte> line, int processId, int messageAt) =>
        new()
        {
            Stamp = line[.._usual.StampLength],
            Host = _usual.Host,
            ProcessId = processId,
            Program = _usual.Program,
            Message = WithoutMessageId(line[messageAt..]),
        };

    /// <summary>Takes a line apart. False when it is not the mail server's, or not a line of syslog.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="parts">Its parts.</param>
    public bool TryParse(ReadOnlySpan<byte> line, out SyslogLine parts)
    {
        parts = default;
        switch (Look(line, out var processId, out var messageAt))
        {
            case LineOwner.Mailer:
                parts = PartsOf(line, processId, messageAt);
                return true;
            case LineOwner.Other:
                return false;
        }

        return TryParseUnclear(line, out parts);
    }

    /// <summary>The same of a line at which <see cref="Look"/> has not sufficed.</summary>
    public bool TryParseUnclear(ReadOnlySpan<byte> line, out SyslogLine parts)
    {
        parts = default;
        if (TryTakeApart(line, ref parts))
            return true;
        // Of what is no line of the mail server's nothing is told, however far it looked like one.
        parts = default;
        return false;
    }

    private bool TryTakeApart(ReadOnlySpan<byte> line, ref SyslogLine parts)
    {
        // As Exim writes it unless it is told otherwise.
        if (_readsMainlog && line.Length > 24 && line[4] == '-' && line[10] == ' ' && line[19] == ' ' && line[13] == ':'
            && MainlogLine.IsOne(line[20..]))
        {
            (parts.Host, parts.Program) = (NoHost, LogProgram.Exim);
            parts.Stamp = line[..19];
            parts.Message = line[20..];
            _usual.LearnMainlog();
            return true;
        }

        var rest = SkipNumber(line, out var is5424);
        if (is5424)
            return TryParse5424(rest, ref parts);
        var stamp = StampLength(rest);
        if (stamp < 0)
            return false;
        parts.Stamp = rest[..stamp];
        var hostAt = stamp + 1;
        if (_readsMainlog && rest[4] == '-' && MainlogLine.IsOne(rest[hostAt..]))
        {
            (parts.Host, parts.Program) = (NoHost, LogProgram.Exim);
            parts.Message = rest[hostAt..];
            return true;
        }

        if (!TryParseOrigin(rest[hostAt..], ref parts))
            return HasYearBehind(rest, stamp)
                && TryParseOrigin(rest[(hostAt + 5)..], ref parts)
                && TryTakeStamp(rest[..(stamp + 5)], ref parts);
        // Of Postfix's many names only one is worth it, and a bare number has nothing by which it is known.
        if (_lastOriginLength > 0 && rest.Length == line.Length && parts.Program != LogProgram.PostfixOther && !SyslogStamp.IsEpoch(line))
            _usual.Learn(line, parts.Host, parts.Program, hostAt, hostAt + _lastTagAt, hostAt + _lastOriginLength);
        return true;
    }

    /// <summary>Whether a year follows a stamp without one, as ctime(3) writes it: <c>Mon Nov 23 18:00:03 2026</c>.</summary>
    private static bool HasYearBehind(ReadOnlySpan<byte> line, int stamp) =>
        stamp > 8 && line.Length > stamp + 6 && line[stamp - 3] == ':' && line[stamp + 5] == ' ' && line[stamp + 1] == '2' &&
        line.Slice(stamp + 2, 3).IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static bool TryTakeStamp(ReadOnlySpan<byte> stamp, ref SyslogLine parts)
    {
        parts.Stamp = stamp;
        return true;
    }

    /// <summary>Skips what may stand before the stamp: NUL bytes, the priority as a number or in words, the version of RFC 5424.</summary>
    private static ReadOnlySpan<byte> SkipNumber(ReadOnlySpan<byte> line, out bool is5424)
    {
        is5424 = false;
        if (line.IsEmpty || line[0] is not (0 or (byte)'<' or (>= (byte)'a' and <= (byte)'z')))
            return line;
        // A crash leaves NUL bytes where the file system had no data yet.
        line = line.TrimStart((byte)0);
        var priority = line.IsEmpty || line[0] != '<' ? -1 : line[..Math.Min(line.Length, 5)].IndexOf((byte)'>');
        if (priority < 0)
            return PriorityWord.SkipFirst(line);
        line = line[(priority + 1)..];
        is5424 = line.StartsWith("1 "u8);
        return is5424 ? line[2..] : line;
    }

    /// <summary>The length of the stamp that a line begins with and that a space follows; -1 without one.</summary>
    private static int StampLength(ReadOnlySpan<byte> line)
    {
        if (line.Length < 24)
            return -1;
        if (line[15] == ' ' && line[12] == ':' && line[9] == ':' && line[6] == ' ' && line[3] == ' ')
            return 15;
        return line[4] == '-' && line[10] == 'T' ? EndOfWord(line, 0) : RareStampLength(line);
    }

    /// <summary>The stamps of which <see cref="SyslogStamp"/> says who writes them.</summary>
    private static int RareStampLength(ReadOnlySpan<byte> line)
    {
        if (line[4] == '-' && line[10] == ' ' && line[13] == ':')
            return WithZone(line, EndOfWord(line, 11));
        if (SyslogStamp.HasWeekday(line))
            return StampLength(line[4..]) is > 0 and var length ? WithZoneName(line, length + 4) : -1;
        if (SyslogStamp.IsEpoch(line))
            return EndOfWord(line, 10);
        if (line[3] == ' ' && line[5] == ' ' && line[8] == ':' && line[11] == ':' && line[14] == ' ')
            return 14;
        if (line[3] == ' ' && line[6] == ' ' && line[9] == ':' && line[12] == ':' && line[15] == '.')
            return EndOfWord(line, 15);
        var hasYear = (line[4] == ' ' && line[8] == ' ' && line[11] == ' ') || (line[3] == ' ' && line[6] == ' ' && line[11] == ' ');
        return !hasYear || line[14] != ':' || line[17] != ':' ? -1 : line[20] == ' ' ? 20 : line[20] == '.' ? EndOfWord(line, 20) : -1;
    }

    /// <summary>journalctl writes <c>Mon 2026-11-23 18:00:03 UTC</c> (<c>-o short-full</c>).</summary>
    private static int WithZoneName(ReadOnlySpan<byte> line, int length)
    {
        if (line.Length <= length + 5 || line[8] != '-')
            return length;
        var letters = line[(length + 1)..].IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        return letters is >= 3 and <= 5 && line[length + 1 + letters] == ' ' ? length + 1 + letters : length;
    }

    /// <summary>Exim writes its zone apart, <c>2026-11-27 04:45:44 +0100</c> (<c>log_timezone</c>).</summary>
    private static int WithZone(ReadOnlySpan<byte> line, int length) =>
        length >= 19 && line.Length > length + 7 && line[length + 1] is (byte)'+' or (byte)'-' && line[length + 6] == ' ' &&
        line.Slice(length + 2, 4).IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? length + 6
            : length;

    private static int EndOfWord(ReadOnlySpan<byte> line, int from)
    {
        var length = line[from..Math.Min(line.Length, 40)].IndexOf((byte)' ');
        return length < 0 ? -1 : from + length;
    }

    /// <summary>Reads <c>mail1 sm-mta[123]: message</c>.</summary>
    private bool TryParseOrigin(ReadOnlySpan<byte> text, ref SyslogLine parts)
    {
        if (_lastOriginLength > 0 && text.StartsWith(_lastOrigin.AsSpan(0, _lastOriginLength)))
        {
            (parts.Host, parts.Program) = (_lastHost, _lastProgram);
            return TryParseProcess(text[_lastOriginLength..], ref parts);
        }

        var at = TagAt(text, out var host);
        if (at < 0)
            return false;
        var bracket = EndOfTag(text[at..]);
        if (bracket < 0 || text[at + bracket] == ' ')
            return false;
        parts.Program = _tags.Find(text.Slice(at, bracket));
        if (parts.Program == LogProgram.None || !TryNumber(host, out parts.Host))
            return false;
        if (text[at + bracket] == ':')
        {
            // What has passed through other formats may have lost its process.
            _lastOriginLength = 0;
            parts.Message = WithoutMessageId(text[(at + bracket + 1)..].TrimStart((byte)' '));
            return !parts.Message.IsEmpty;
        }

        _lastTagAt = at;
        at += bracket + 1;
        // Where there is no host, what follows the bracket says whether this is the program and not the host.
        _lastOriginLength = !host.IsEmpty && at <= LongestOrigin && text[..at].TryCopyTo(_lastOrigin) ? at : 0;
        (_lastHost, _lastProgram) = (parts.Host, parts.Program);
        return TryParseProcess(text[at..], ref parts);
    }

    /// <summary>Where the program's name ends, at a bracket, a space or a colon; -1 for nowhere.</summary>
    private static int EndOfTag(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'[', (byte)' ', (byte)':');
        if (end <= 0 || text[end] == ' ')
            return end;
        // A service of Postfix's may be an address and a port (syslog_name=postfix/$service_name), "postfix/192.0.2.25:2525/smtpd[123]:",
        // "postfix/[2001:db8::25]:25/smtpd[123]:"; rsyslog takes the address for the process then, "postfix/[2001:db8::25]:25/smtpd:".
        var isBracketed = text[end] == '[';
        if (isBracketed && text[end - 1] != '/')
            return end;
        var port = isBracketed ? text.IndexOf("]:"u8) + 2 : end + 1;
        var slash = port > end ? text[port..].IndexOfAny((byte)'/', (byte)' ', (byte)':') : -1;
        if (slash > 0 && text[port + slash] == '/' && text[..end].Contains((byte)'/'))
        {
            var daemon = port + slash + 1;
            var length = text[daemon..].IndexOfAny((byte)'[', (byte)' ', (byte)':');
            return length < 0 ? -1 : daemon + length;
        }

        return isBracketed ? -1 : end;
    }

    /// <summary>Where the program's name begins, behind the host and perhaps a priority; -1 for nowhere.</summary>
    /// <param name="text">What follows the stamp.</param>
    /// <param name="host">The host; empty where the line names none, as BusyBox' syslogd -S writes it.</param>
    private int TagAt(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host)
    {
        var at = SkipPriority(text, SkipSpaces(text, 0));
        if (text[at..].StartsWith(Forwarded))
            return AfterForwarded(text, at, out host);
        host = Word(text[at..]);
        if (IsTag(host))
        {
            host = default;
            return at;
        }

        // Another program's line that names no host: what follows may be anybody's.
        if (host.EndsWith("]:"u8))
            return -1;
        at = SkipPriority(text, SkipSpaces(text, Math.Min(text.Length, at + host.Length + 1)));
        if (host.IsEmpty || at >= text.Length)
            return -1;
        return text[at..].StartsWith(Forwarded) ? AfterForwarded(text, at, out host) : at;
    }

    /// <summary>AIX' syslogd passes lines on as <c>Message forwarded from mail2: sendmail[123]: message</c>.</summary>
    private static int AfterForwarded(ReadOnlySpan<byte> text, int at, out ReadOnlySpan<byte> host)
    {
        at += Forwarded.Length;
        host = Word(text[at..]);
        at += host.Length + 1;
        host = host.TrimEnd((byte)':');
        return host.IsEmpty || at >= text.Length ? -1 : at;
    }

    /// <summary>Whether a word is <c>sm-mta[123]:</c>.</summary>
    private bool IsTag(ReadOnlySpan<byte> word) =>
        word.Length > 3 && word[^1] == ':' && word[^2] == ']' && word.IndexOf((byte)'[') is > 0 and var bracket
        && _tags.Has(word[..bracket]);

    private static int SkipSpaces(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        return at;
    }

    /// <summary>Reads <c>123]: message</c>.</summary>
    private static bool TryParseProcess(ReadOnlySpan<byte> text, ref SyslogLine parts)
    {
        var at = ReadNumber(text, out parts.ProcessId);
        if (at == 0 || at + 1 >= text.Length || text[at] != ']')
            return false;
        at++;
        // "sm-mta[123] <Notice>: " is macOS'.
        if (text[at..].StartsWith(" <"u8) && text[at..].IndexOf(">:"u8) is > 0 and < 12 and var level)
            at += level + 1;
        if (text[at] != ':')
            return false;
        at++;
        while (at < text.Length && text[at] == ' ')
            at++;
        parts.Message = WithoutMessageId(text[at..]);
        return true;
    }

    /// <summary>Solaris puts <c>[ID 801593 mail.info] </c> before each message (syslogd(8), logadm's msgid).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> WithoutMessageId(ReadOnlySpan<byte> message) =>
        message.Length > 4 && message[0] == '[' && message[1] == 'I' ? AfterMessageId(message) : message;

    private static ReadOnlySpan<byte> AfterMessageId(ReadOnlySpan<byte> message)
    {
        var end = message.StartsWith("[ID "u8) ? message[..Math.Min(message.Length, 40)].IndexOf("] "u8) : -1;
        return end < 0 ? message : message[(end + 2)..];
    }

    /// <summary>Reads <c>STAMP HOST TAG PID MSGID [DATA] message</c> (RFC 5424 section 6).</summary>
    private bool TryParse5424(ReadOnlySpan<byte> text, ref SyslogLine parts)
    {
        parts.Stamp = Take(ref text);
        var host = Take(ref text);
        var tag = Take(ref text);
        var process = Take(ref text);
        _ = Take(ref text);
        // "sm-mta[123] -": a relay has not told them apart.
        if (process.SequenceEqual("-"u8) && tag.EndsWith("]"u8) && tag.IndexOf((byte)'[') is > 0 and var bracket)
        {
            process = tag[(bracket + 1)..^1];
            tag = tag[..bracket];
        }

        parts.Program = _tags.Find(tag);
        if ((!process.SequenceEqual("-"u8) && ReadNumber(process, out parts.ProcessId) != process.Length) || process.IsEmpty ||
            parts.Program == LogProgram.None || !TryNumber(host, out parts.Host))
            return false;
        if (text.StartsWith("-"u8))
            text = text[1..];
        while (text.StartsWith("["u8))
        {
            var end = EndOfElement(text);
            if (end < 0)
                return false;
            text = text[(end + 1)..];
        }

        text = text.TrimStart((byte)' ');
        parts.Message = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        return true;
    }

    /// <summary>Where <c>[id name="value"]</c> ends: not at a bracket that is escaped (RFC 5424 section 6.3.3).</summary>
    private static int EndOfElement(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == ']')
                return at;
        }

        return -1;
    }

    /// <summary>The number of a host's name; false when only another host's lines count.</summary>
    private bool TryNumber(ReadOnlySpan<byte> host, out int number)
    {
        for (number = 0; number < _hosts.Count; number++)
        {
            if (host.SequenceEqual(_hosts[number]))
                return true;
        }

        if (_host is not null && !Ascii.EqualsIgnoreCase(host, _host))
            return false;
        if (_hosts.Count < MostHosts)
            _hosts.Add(host.ToArray());
        number = _hosts.Count - 1;
        return true;
    }

    private static int SkipPriority(ReadOnlySpan<byte> text, int at)
    {
        if (at >= text.Length)
            return at;
        var word = Word(text[at..]);
        return PriorityWord.IsOne(word) ? Math.Min(text.Length, at + word.Length + 1) : at;
    }

    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)' ');
        return end < 0 ? text : text[..end];
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> text)
    {
        var word = Word(text);
        text = text[Math.Min(text.Length, word.Length + 1)..];
        return word;
    }

    /// <summary>Reads a number of at most nine digits; returns how many characters it took, 0 for none.</summary>
    private static int ReadNumber(ReadOnlySpan<byte> text, out int number)
    {
        if (text.Length >= sizeof(ulong)
            && EightDigits.Read(BinaryPrimitives.ReadUInt64LittleEndian(text), out number) is > 0 and var length)
            return length;
        number = 0;
        var at = 0;
        while (at < text.Length && at < 10 && text[at] - (uint)'0' <= 9)
            number = unchecked((number * 10) + (text[at++] - '0'));
        return at < 10 ? at : 0;
    }
}
