namespace BlockSmtp.Engine;

/// <summary>How many lines a second were read in the last minute: one count for each second, written by the thread that reads.</summary>
internal sealed class LineRate(TimeProvider time)
{
    private const int Seconds = 60;

    private readonly Lock _lock = new();
    private readonly (long Second, long Lines)[] _counts = new (long, long)[Seconds];
    private readonly long _start = time.GetTimestamp();

    /// <summary>The mean of the last minute, or of the time since the beginning if that is shorter.</summary>
    public double PerSecond
    {
        get
        {
            var now = Second();
            lock (_lock)
                return _counts.Where(count => count.Second > now - Seconds).Sum(count => count.Lines)
                    / (double)Math.Clamp(now + 1, 1, Seconds);
        }
    }

    public void Add(long lines)
    {
        var now = Second();
        lock (_lock)
        {
            ref var count = ref _counts[now % Seconds];
            count = count.Second == now ? (now, count.Lines + lines) : (now, lines);
        }
    }

    private long Second() => (long)time.GetElapsedTime(_start).TotalSeconds;
}
