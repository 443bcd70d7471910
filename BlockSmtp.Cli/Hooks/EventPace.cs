namespace BlockSmtp.Cli.Hooks;

/// <summary>How fast events are passed on: so many at once, then one each second. An attack must not become a storm of processes.</summary>
internal sealed class EventPace(TimeProvider time)
{
    /// <summary>How many may follow one another at once.</summary>
    public const int Burst = 60;

    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();
    private double _left = Burst;

    /// <summary>How long the next has to wait; takes its place.</summary>
    public TimeSpan Next()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + (time.GetElapsedTime(_since, now) / Each)) - 1;
        _since = now;
        return _left >= 0 ? TimeSpan.Zero : -_left * Each;
    }
}
