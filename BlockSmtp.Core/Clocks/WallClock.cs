namespace BlockSmtp.Clocks;

/// <summary>The wall clock, watched by the other one, that nobody can set.</summary>
internal sealed class WallClock
{
    private static readonly TimeSpan SmallestStep = TimeSpan.FromSeconds(2);

    // The two are not read at the same moment: a process that was stopped or lost its processor in between would
    // see a step where there is none.
    private static readonly TimeSpan SameMoment = SmallestStep / 4;

    // There are clocks for tests that go on by as much as one likes whenever they are read.
    private const int MostAttempts = 8;

    private readonly TimeProvider _time;
    private DateTimeOffset _last;
    private long _lastTimestamp;

    public WallClock(TimeProvider time)
    {
        _time = time;
        (_last, _lastTimestamp) = ReadBoth();
    }

    /// <summary>The time now, UTC.</summary>
    /// <param name="step">By how much the clock was set since the last call; zero when it just went on.</param>
    public DateTimeOffset Now(out TimeSpan step)
    {
        var (now, timestamp) = ReadBoth();
        step = now - _last - _time.GetElapsedTime(_lastTimestamp, timestamp);
        if (step.Duration() < SmallestStep)
            step = TimeSpan.Zero;
        (_last, _lastTimestamp) = (now, timestamp);
        return now;
    }

    private (DateTimeOffset Now, long Timestamp) ReadBoth()
    {
        var before = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var now = _time.GetUtcNow();
            var after = _time.GetTimestamp();
            if (attempt == MostAttempts || _time.GetElapsedTime(before, after) <= SameMoment)
                return (now, after);
            before = after;
        }
    }
}
