namespace BlockSmtp.Detection;

/// <summary>The wall clock, watched by the other one, that nobody can set.</summary>
internal sealed class WallClock
{
    // The two are not read at the same moment.
    private static readonly TimeSpan SmallestStep = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private DateTimeOffset _last;
    private long _lastTimestamp;

    public WallClock(TimeProvider time)
    {
        _time = time;
        (_last, _lastTimestamp) = (time.GetUtcNow(), time.GetTimestamp());
    }

    /// <summary>The time now, UTC.</summary>
    /// <param name="step">By how much the clock was set since the last call; zero when it just went on.</param>
    public DateTimeOffset Now(out TimeSpan step)
    {
        var (now, timestamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        step = now - _last - _time.GetElapsedTime(_lastTimestamp, timestamp);
        if (step.Duration() < SmallestStep)
            step = TimeSpan.Zero;
        (_last, _lastTimestamp) = (now, timestamp);
        return now;
    }
}
