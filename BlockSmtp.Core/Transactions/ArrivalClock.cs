using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// The clock of a running daemon: a line happened when it arrived, because a stamp may have neither year nor zone. A line that
/// has lain for a while (the log was read from its start) happened when its stamp says.
/// </summary>
internal sealed class ArrivalClock : ILineClock
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HalfAYear = TimeSpan.FromDays(183);

    // So much may clocks differ; a stamp without a year that is farther ahead is of an earlier year.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private StampClock _stamps;

    public ArrivalClock(TimeProvider time)
    {
        _time = time;
        _stamps = NewStamps();
    }

    /// <summary>Whether the last line was written just now, so that the process that wrote it has had no time to be replaced.</summary>
    public bool IsFresh { get; private set; }

    public bool TryGetTime(ReadOnlySpan<byte> stamp, out DateTimeOffset time)
    {
        time = _time.GetUtcNow();
        if (!_stamps.TryGetTime(stamp, out var stamped))
            return false;
        if (stamped - time > Ahead || time - stamped > HalfAYear)
        {
            // A stray month has led the years astray: begin again from the present. Or the line is more than a month old.
            _stamps = NewStamps();
            if (_stamps.TryGetTime(stamp, out stamped) && stamped - time > Ahead)
            {
                _stamps = NewStamps(yearsAgo: 1);
                _stamps.TryGetTime(stamp, out stamped);
            }
        }

        IsFresh = (time - stamped).Duration() < Fresh;
        if (!IsFresh && stamped < time)
            time = stamped;
        return true;
    }

    private StampClock NewStamps(int yearsAgo = 0)
    {
        var now = _time.GetLocalNow();
        return new StampClock(_time.LocalTimeZone, now.Year - yearsAgo, now.Month);
    }
}
