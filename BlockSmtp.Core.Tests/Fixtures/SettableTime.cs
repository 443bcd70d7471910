using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A clock in the test's hand whose wall time can be set while the other clock, by which timers run, goes on.</summary>
internal sealed class SettableTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(5);

    private long _step;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _step));

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>A pause of some milliseconds is made in real time: a test moves the time for what it is about.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime > TimeSpan.Zero && dueTime <= ShortPause
            ? TimeProvider.System.CreateTimer(callback, state, dueTime, period)
            : base.CreateTimer(callback, state, dueTime, period);

    /// <summary>What an administrator does with <c>date --set</c>.</summary>
    public void Set(TimeSpan step) => Interlocked.Add(ref _step, step.Ticks);
}
