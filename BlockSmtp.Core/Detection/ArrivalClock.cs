using BlockSmtp.Sendmail;

namespace BlockSmtp.Detection;

/// <summary>
/// The clock of a running daemon: a line happened when it arrived, because a stamp may have neither year nor zone. The
/// stamp must be a valid one all the same, and tells whether the line is fresh.
/// </summary>
internal sealed class ArrivalClock : ILineClock
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly StampClock _stamps;

    public ArrivalClock(TimeProvider time)
    {
        _time = time;
        var now = time.GetLocalNow();
        _stamps = new StampClock(time.LocalTimeZone, now.Year, now.Month);
    }

    /// <summary>Whether the last line was written just now, so that the process that wrote it has had no time to be replaced.</summary>
    public bool IsFresh { get; private set; }

    public bool TryGetTime(ReadOnlySpan<byte> stamp, out DateTimeOffset time)
    {
        time = _time.GetUtcNow();
        if (!_stamps.TryGetTime(stamp, out var stamped))
            return false;
        IsFresh = (time - stamped).Duration() < Fresh;
        return true;
    }
}
