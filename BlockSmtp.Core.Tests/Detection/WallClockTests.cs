using BlockSmtp.Clocks;
using BlockSmtp.Engine;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Detection;

public sealed class WallClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 3, TimeSpan.Zero);

    [TestCase(-5)]
    [TestCase(5)]
    public void A_clock_that_was_set_is_told_once(int hours)
    {
        var time = new SettableTime(Start);
        var clock = new WallClock(time);
        time.Advance(TimeSpan.FromMinutes(1));
        time.Set(TimeSpan.FromHours(hours));

        clock.Now(out var step).Should().Be(Start.AddHours(hours).AddMinutes(1));
        step.Should().Be(TimeSpan.FromHours(hours));

        clock.Now(out step);
        step.Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void Time_that_goes_on_is_no_step()
    {
        var time = new SettableTime(Start);
        var clock = new WallClock(time);
        time.Advance(TimeSpan.FromHours(9));

        clock.Now(out var step).Should().Be(Start.AddHours(9));
        step.Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void A_process_that_stood_still_between_its_two_clocks_sees_no_step([Values(0, 1, 2, 3)] int readings)
    {
        var time = new StallingTime();
        var clock = new WallClock(time);
        time.StallAfter(readings);

        var now = clock.Now(out var step);
        step.Should().Be(TimeSpan.Zero);
        now.Should().BeOneOf(Start, Start.AddMinutes(1));

        clock.Now(out step);
        step.Should().Be(TimeSpan.Zero);
    }

    [Test]
    public void A_clock_that_moves_whenever_it_is_read_is_read_all_the_same()
    {
        var clock = new WallClock(new FakeTimeProvider(Start) { AutoAdvanceAmount = TimeSpan.FromHours(1) });
        clock.Now(out _).Should().BeAfter(Start);
    }

    /// <summary>A minute passes after a number of readings of its clocks.</summary>
    private sealed class StallingTime : TimeProvider
    {
        private readonly SettableTime _time = new(Start);
        private int _left = int.MaxValue;

        public void StallAfter(int readings) => _left = readings;

        public override DateTimeOffset GetUtcNow()
        {
            Pass();
            return _time.GetUtcNow();
        }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            Pass();
            return _time.GetTimestamp();
        }

        private void Pass()
        {
            if (_left-- == 0)
                _time.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
