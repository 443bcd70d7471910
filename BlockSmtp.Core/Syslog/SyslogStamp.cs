namespace BlockSmtp.Syslog;

/// <summary>
/// A time stamp of a log line: <c>Nov 23 18:00:03</c> (no year, no zone) or <c>2026-11-23T18:00:03.5+00:00</c>
/// (RFC 3339; the zone may be missing, the fraction too). Seldom with a space in the place of the T (templates of rsyslog and syslog-ng),
/// the first kind with a fraction, or with a year: <c>2026 Nov 23 18:00:03</c> (syslog-ng), <c>Nov 23 2026 18:00:03</c>,
/// <c>Nov 23 18:00:03 2026</c>, or seconds since 1970, as journalctl (<c>-o short-unix</c>) and a template of rsyslog's write them. A day
/// of the week before it tells nothing new (<c>Mon 2026-11-23 18:00:03 UTC</c>, journalctl's <c>-o short-full</c>).
/// </summary>
internal readonly struct SyslogStamp
{
    // Far enough from both ends of the calendar that any zone and block time can be added to it.
    private const int EarliestYear = 1970;
    public const int LatestYear = 9000;

    private SyslogStamp(int year, int month, int day, TimeSpan timeOfDay, TimeSpan? zone)
    {
        Year = year;
        Month = month;
        Day = day;
        TimeOfDay = timeOfDay;
        Zone = zone;
    }

    /// <summary>The year; 0 when the stamp has none.</summary>
    public int Year { get; }

    public int Month { get; }

    public int Day { get; }

    public TimeSpan TimeOfDay { get; }

    /// <summary>The distance from UTC; null when the stamp does not say.</summary>
    public TimeSpan? Zone { get; }

    /// <summary>Reads a stamp. False when it is none, or names a day or an hour that does not exist.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SyslogStamp stamp)
    {
        stamp = default;
        if (text.Length == 15)
            return TryParseTraditional(text, 0, out stamp);
        if (HasWeekday(text))
            return TryParse(WithoutZoneName(text[4..], out var isUtc), out stamp)
                && (!isUtc || stamp.TryTakeZone(TimeSpan.Zero, out stamp));
        if (IsEpoch(text))
            return TryParseEpoch(text, out stamp);
        if (text.Length == 14)
            return TryParseShortDay(text, out stamp);
        return text.Length > 15
            && (IsDigit(text[0]) && text[4] == '-' ? text.Length >= 19 && TryParseIso(text, out stamp) : TryParseRare(text, out stamp));
    }

    private static bool TryParseRare(ReadOnlySpan<byte> text, out SyslogStamp stamp)
    {
        stamp = default;
        if (text[15] == '.')
            return TryParseTraditional(text[..15], 0, out stamp);
        if (text.Length > 20 && text[20] == '.')
            text = text[..20];
        if (text.Length != 20)
            return false;
        var isFirst = IsDigit(text[0]);
        var isLast = text[15] == ' ';
        var year = Digits(isFirst ? text[..4] : text.Slice(isLast ? 16 : 7, 4));
        if (year is < EarliestYear or > LatestYear)
            return false;
        if (isLast && !isFirst)
            return TryParseTraditional(text[..15], year, out stamp);
        if (isFirst)
            return TryParseTraditional(text[5..], year, out stamp);
        Span<byte> without = stackalloc byte[15];
        text[..7].CopyTo(without);
        text[12..].CopyTo(without[7..]);
        return TryParseTraditional(without, year, out stamp);
    }

    /// <summary>Whether a line or a stamp begins with a day of the week and a space.</summary>
    public static bool HasWeekday(ReadOnlySpan<byte> text) =>
        text.Length > 4 && text[3] == ' ' && "MonTueWedThuFriSatSun"u8.IndexOf(text[..3]) is >= 0 and var at && at % 3 == 0;

    /// <summary>Whether a line or a stamp begins with the seconds since 1970, from 2001 to 2286.</summary>
    public static bool IsEpoch(ReadOnlySpan<byte> text) =>
        text.Length >= 10 && text[0] is >= (byte)'1' and <= (byte)'9' && text[1..10].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 &&
        (text.Length == 10 || text[10] is (byte)' ' or (byte)'.');

    /// <summary>Leaves out the name of a zone behind a stamp. Only UTC's is told from that of the machine.</summary>
    private static ReadOnlySpan<byte> WithoutZoneName(ReadOnlySpan<byte> text, out bool isUtc)
    {
        isUtc = false;
        if (text.Length < 22 || text[4] != '-' || text[^1] is not (>= (byte)'A' and <= (byte)'Z'))
            return text;
        var space = text.LastIndexOf((byte)' ');
        if (space < 19)
            return text;
        isUtc = text[(space + 1)..].SequenceEqual("UTC"u8) || text[(space + 1)..].SequenceEqual("GMT"u8);
        return text[..space];
    }

    private bool TryTakeZone(TimeSpan zone, out SyslogStamp stamp)
    {
        stamp = new SyslogStamp(Year, Month, Day, TimeOfDay, zone);
        return true;
    }

    private static bool TryParseEpoch(ReadOnlySpan<byte> text, out SyslogStamp stamp)
    {
        var rest = AfterFraction(text[10..], out var fraction);
        var seconds = 0L;
        foreach (var digit in text[..10])
            seconds = (seconds * 10) + (digit - '0');
        var time = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(fraction);
        stamp = new SyslogStamp(time.Year, time.Month, time.Day, time.TimeOfDay, TimeSpan.Zero);
        return rest.IsEmpty;
    }

    /// <summary>Reads <c>Nov 3 18:00:03</c>, of which something has made two spaces one.</summary>
    private static bool TryParseShortDay(ReadOnlySpan<byte> text, out SyslogStamp stamp)
    {
        Span<byte> padded = stackalloc byte[15];
        text[..4].CopyTo(padded);
        padded[4] = (byte)' ';
        text[4..].CopyTo(padded[5..]);
        return TryParseTraditional(padded, 0, out stamp);
    }

    private static bool IsDigit(byte character) => character - (uint)'0' <= 9;

    /// <summary>Reads a fraction of a second such as <c>.123456</c>, if there is one.</summary>
    /// <returns>What follows it.</returns>
    public static ReadOnlySpan<byte> AfterFraction(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || text[0] is not ((byte)'.' or (byte)','))
            return text;
        var at = 1;
        for (var unit = TimeSpan.TicksPerSecond / 10; at < text.Length && text[at] - (uint)'0' <= 9; unit /= 10)
            ticks += unit * (text[at++] - '0');
        return text[at..];
    }

    private static bool TryParseTraditional(ReadOnlySpan<byte> text, int year, out SyslogStamp stamp)
    {
        stamp = default;
        var month = Month3(text[..3]);
        // The day is padded with a space, by some daemons with a zero.
        var day = text[4] == ' ' ? Digits(text.Slice(5, 1)) : Digits(text.Slice(4, 2));
        // Any year may be meant, so 29 February exists.
        if (month == 0 || day < 1 || day > DateTime.DaysInMonth(year == 0 ? 2024 : year, month) || !TryParseTime(text[7..], out var time))
            return false;
        stamp = new SyslogStamp(year, month, day, time, null);
        return true;
    }

    private static bool TryParseIso(ReadOnlySpan<byte> text, out SyslogStamp stamp)
    {
        stamp = default;
        var (year, month, day) = (Digits(text[..4]), Digits(text.Slice(5, 2)), Digits(text.Slice(8, 2)));
        if (year is < EarliestYear or > LatestYear || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || !TryParseTime(text.Slice(11, 8), out var time))
            return false;
        var rest = AfterFraction(text[19..], out var fraction);
        if (!TryParseZone(rest, out var zone))
            return false;
        stamp = new SyslogStamp(year, month, day, time + TimeSpan.FromTicks(fraction), zone);
        return true;
    }

    private static bool TryParseZone(ReadOnlySpan<byte> text, out TimeSpan? zone)
    {
        zone = null;
        if (text.IsEmpty)
            return true;
        if (text[0] == ' ')
            text = text[1..];
        if (text.SequenceEqual("Z"u8))
        {
            zone = TimeSpan.Zero;
            return true;
        }

        // +hh:mm, +hhmm or +hh
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-'))
            return false;
        var (hours, minutes) = (Digits(text.Slice(1, 2)), text.Length == 3 ? 0 : Digits(text[^2..]));
        if (hours is < 0 or > 14 || minutes is < 0 or > 59 || (text.Length == 6 && text[3] != ':'))
            return false;
        var distance = new TimeSpan(hours, minutes, 0);
        zone = text[0] == '-' ? -distance : distance;
        return true;
    }

    /// <summary>Reads <c>hh:mm:ss</c>; second 60 is a leap second and counts as 59.</summary>
    private static bool TryParseTime(ReadOnlySpan<byte> text, out TimeSpan time)
    {
        var (hours, minutes, seconds) = (Digits(text[..2]), Digits(text.Slice(3, 2)), Digits(text.Slice(6, 2)));
        time = new TimeSpan(Math.Max(hours, 0), Math.Max(minutes, 0), Math.Clamp(seconds, 0, 59));
        return hours is >= 0 and < 24 && minutes is >= 0 and < 60 && seconds is >= 0 and <= 60 && text[2] == ':' && text[5] == ':';
    }

    private static int Month3(ReadOnlySpan<byte> name)
    {
        var months = "JanFebMarAprMayJunJulAugSepOctNovDec"u8;
        for (var month = 0; month < 12; month++)
        {
            if (name.SequenceEqual(months.Slice(month * 3, 3)))
                return month + 1;
        }

        return 0;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        foreach (var digit in text)
        {
            if (digit - (uint)'0' > 9)
                return -1;
            value = (value * 10) + (digit - '0');
        }

        return value;
    }
}
