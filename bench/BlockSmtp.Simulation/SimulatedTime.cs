namespace BlockSmtp.Simulation;

/// <summary>The machine's clocks: one that only goes on, by which timers run, and the wall clock, which may be set.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 3, TimeSpan.Zero);

    private readonly PriorityQueue<(Timer Timer, int Setting), (long Due, long Number)> _timers = new();
    private long _now;
    private long _step;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How long the machine is up.</summary>
    public TimeSpan Up => new(_now);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_now + _step);

    public override long GetTimestamp() => _now;

    /// <summary>Sets the wall clock.</summary>
    public void Set(TimeSpan step) => _step += step.Ticks;

    /// <summary>Goes on to the next timer that is due by a time, and lets it go off; or to that time.</summary>
    /// <returns>False when the time has come.</returns>
    public bool TryGoOn(TimeSpan until)
    {
        while (_timers.TryPeek(out var next, out var when) && when.Due <= until.Ticks)
        {
            _timers.Dequeue();
            if (!next.Timer.IsSet(next.Setting))
                continue;
            _now = Math.Max(_now, when.Due);
            next.Timer.GoOff();
            return true;
        }

        _now = Math.Max(_now, until.Ticks);
        return false;
    }

    /// <summary>Lets the timers of a process that is no more go off, so that nothing waits for ever. The time does not go on.</summary>
    public bool TryBury(object owner)
    {
        var others = new List<((Timer, int), (long, long))>();
        Timer? found = null;
        while (found is null && _timers.TryDequeue(out var next, out var when))
        {
            if (!next.Timer.IsSet(next.Setting))
                continue;
            if (ReferenceEquals(next.Timer.Owner, owner))
                found = next.Timer;
            else
                others.Add((next, when));
        }

        _timers.EnqueueRange(others);
        found?.GoOff();
        return found is not null;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Create(null, callback, state, dueTime);

    private Timer Create(object? owner, TimerCallback callback, object? state, TimeSpan dueTime)
    {
        var timer = new Timer(this, owner, callback, state);
        timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        return timer;
    }

    /// <summary>The clocks as one process has them: its timers are known for its own.</summary>
    public sealed class OfProcess(SimulatedTime machine) : TimeProvider
    {
        public override long TimestampFrequency => machine.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

        public override DateTimeOffset GetUtcNow() => machine.GetUtcNow();

        public override long GetTimestamp() => machine.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            machine.Create(this, callback, state, dueTime);
    }

    /// <summary>Goes off once; the engine has no other timers.</summary>
    private sealed class Timer(SimulatedTime machine, object? owner, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;

        public object? Owner => owner;

        public bool IsSet(int setting) => setting == _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan)
                throw new NotSupportedException("A timer that goes off again and again.");
            _setting++;
            if (dueTime != Timeout.InfiniteTimeSpan)
                machine._timers.Enqueue((this, _setting), (machine._now + Math.Max(0, dueTime.Ticks), machine._number++));
            return true;
        }

        public void GoOff()
        {
            _setting++;
            callback(state);
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
