using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A clock in the test's hand whose wall time can be set while the other clock, by which timers run, goes on.</summary>
internal sealed class SettableTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private long _step;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _step));

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    /// <summary>What an administrator does with <c>date --set</c>.</summary>
    public void Set(TimeSpan step) => Interlocked.Add(ref _step, step.Ticks);
}
