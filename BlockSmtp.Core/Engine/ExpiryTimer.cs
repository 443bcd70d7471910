namespace BlockSmtp.Engine;

/// <summary>Wakes up when the next block ends, and not before; with nothing blocked it does not wake at all.</summary>
internal sealed class ExpiryTimer : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _longest;
    private readonly Func<DateTimeOffset?> _tick;
    private readonly ITimer _timer;
    private DateTimeOffset? _armedFor;

    /// <param name="time">The clock.</param>
    /// <param name="longest">The longest sleep while something is blocked: the wall clock may be set meanwhile.</param>
    /// <param name="tick">Ends what is over; returns when the next block ends.</param>
    public ExpiryTimer(TimeProvider time, TimeSpan longest, Func<DateTimeOffset?> tick)
    {
        _time = time;
        _longest = longest;
        _tick = tick;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sees to it that it wakes up at a time; null for no time.</summary>
    public void Arm(DateTimeOffset? next)
    {
        lock (_lock)
        {
            if (next == _armedFor)
                return;
            _armedFor = next;
            if (next is not { } end)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var delay = end - _time.GetUtcNow();
            delay = delay < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : delay > _longest ? _longest : delay;
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        var next = _tick();
        lock (_lock)
            _armedFor = null;
        Arm(next);
    }
}
