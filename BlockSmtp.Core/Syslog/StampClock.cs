using System.Runtime.InteropServices;

namespace BlockSmtp.Syslog;

/// <summary>
/// Turns the stamps of a log into times. A stamp without a zone is local time; one without a year takes the year of the
/// stamps before it, and a month that falls back by more than one has gone over New Year.
/// </summary>
internal sealed class StampClock
{
    // "Nov 23 18:" or "2026-11-23T18:".
    private const int TraditionalHour = 10;
    private const int IsoHour = 14;

    // What follows the hour: "mm:ss".
    private const int MinutesLength = 5;

    private readonly TimeZoneInfo _zone;
    private int _year;
    private int _month;

    // Everything up to the minutes, and what follows the seconds and their fraction, and what it came to: lines of one hour share it.
    private readonly byte[] _hour = new byte[IsoHour];
    private byte[] _zoneText = [];
    private int _hourLength;
    private long _hourTicks;

    // The last stamp whose hour is known, as two words that overlap in one byte: a busy log has many lines in a second.
    private (ulong Head, ulong Tail) _last;
    private DateTimeOffset _lastTime;

    /// <param name="zone">The zone of stamps that name none.</param>
    /// <param name="year">The year of the first stamp, or of <paramref name="month"/>.</param>
    /// <param name="month">A month near the first stamp's; 0 when nothing is known.</param>
    public StampClock(TimeZoneInfo zone, int year, int month = 0)
    {
        _zone = zone;
        _year = year;
        _month = month;
    }

    /// <summary>Whether a stamp without a year was seen.</summary>
    public bool HasGuessed { get; private set; }

    /// <summary>How many times the log has gone over New Year.</summary>
    public int NewYears { get; private set; }

    /// <summary>The time of a stamp, UTC. False when it is no stamp, or names a day that does not exist.</summary>
    public bool TryGetTime(ReadOnlySpan<byte> stamp, out DateTimeOffset time)
    {
        (ulong Head, ulong Tail) words = default;
        if (stamp.Length == 15)
        {
            words = (MemoryMarshal.Read<ulong>(stamp), MemoryMarshal.Read<ulong>(stamp[7..]));
            if (words == _last)
            {
                time = _lastTime;
                return true;
            }
        }

        // The hour stands for all stamps within it.
        var minutes = stamp.Length == 15 ? TraditionalHour : stamp.Length >= IsoHour + MinutesLength ? IsoHour : -1;
        if (minutes == _hourLength
            && stamp[..minutes].SequenceEqual(_hour.AsSpan(0, minutes))
            && TryWithinHour(stamp[minutes..], out var within))
        {
            (_last, _lastTime) = (words, new DateTimeOffset(_hourTicks + within, TimeSpan.Zero));
            time = _lastTime;
            return true;
        }

        time = default;
        if (!SyslogStamp.TryParse(stamp, out var parts))
            return false;
        var year = parts.Year > 0 ? parts.Year : YearOf(parts.Month);
        if (parts.Day > DateTime.DaysInMonth(year, parts.Month))
            return false;
        var local = new DateTime(year, parts.Month, parts.Day) + parts.TimeOfDay;
        var zone = parts.Zone ?? _zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
        time = new DateTimeOffset(local, TimeSpan.Zero) - zone;
        if (minutes > 0)
        {
            _last = default;
            stamp[..minutes].CopyTo(_hour);
            _zoneText = SyslogStamp.AfterFraction(stamp[(minutes + MinutesLength)..], out _).ToArray();
            _hourLength = minutes;
            _hourTicks = time.UtcTicks - (parts.TimeOfDay.Ticks % TimeSpan.TicksPerHour);
        }

        return true;
    }

    private int YearOf(int month)
    {
        HasGuessed = true;
        if (_month != 0 && month < _month - 1 && _year < SyslogStamp.LatestYear)
        {
            _year++;
            NewYears++;
        }
        else if (_month == 1 && month == 12)
        {
            // A straggler of last year; the log itself has not gone back.
            return _year - 1;
        }
        else if (_month != 0 && month == _month - 1)
        {
            // A straggler of last month.
            return _year;
        }

        _month = month;
        return _year;
    }

    /// <summary>Reads <c>mm:ss</c>, and perhaps a fraction and the zone of the last stamps.</summary>
    private bool TryWithinHour(ReadOnlySpan<byte> text, out long ticks)
    {
        var (m1, m2, s1, s2) = (text[0] - (uint)'0', text[1] - (uint)'0', text[3] - (uint)'0', text[4] - (uint)'0');
        ticks = (((m1 * 10) + m2) * TimeSpan.TicksPerMinute) + (((s1 * 10) + s2) * TimeSpan.TicksPerSecond);
        var isRight = m1 < 6 && m2 < 10 && s1 < 6 && s2 < 10 && text[2] == ':';
        if (text.Length == MinutesLength)
            return isRight && _zoneText.Length == 0;
        var zone = SyslogStamp.AfterFraction(text[MinutesLength..], out var fraction);
        ticks += fraction;
        return isRight && zone.SequenceEqual(_zoneText);
    }
}
