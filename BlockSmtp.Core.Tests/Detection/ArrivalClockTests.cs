using System.Text;
using BlockSmtp.Transactions;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Detection;

/// <summary>When a line happened that a running daemon reads.</summary>
public sealed class ArrivalClockTests
{
    [TestCase("2026-11-26", "Nov 26 11:59:55", "2026-11-26 12:00:00", true)]
    [TestCase("2026-11-26", "Nov 26 11:00:00", "2026-11-26 11:00:00", false)]
    [TestCase("2026-11-26", "Jun  8 10:00:00", "2026-06-08 10:00:00", false)]
    [TestCase("2026-11-26", "Feb  1 10:00:00", "2026-02-01 10:00:00", false)]
    [TestCase("2026-11-26", "Dec  1 10:00:00", "2025-12-01 10:00:00", false)]
    [TestCase("2026-11-26", "Nov 27 10:00:00", "2026-11-26 12:00:00", false)]
    [TestCase("2027-01-10", "Dec 31 23:59:59", "2026-12-31 23:59:59", false)]
    [TestCase("2027-01-10", "Oct  1 10:00:00", "2026-10-01 10:00:00", false)]
    [TestCase("2027-01-10", "Jan 10 12:00:00", "2027-01-10 12:00:00", true)]
    [TestCase("2026-11-26", "2024-11-26T10:00:00+00:00", "2024-11-26 10:00:00", false)]
    public void A_line_happened_when_it_arrived_or_when_its_stamp_says_if_that_is_a_while_ago(
        string today, string stamp, string time, bool isFresh)
    {
        var clock = ClockAt(today);

        Read(clock, stamp).Should().Be(DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture));
        clock.IsFresh.Should().Be(isFresh);
    }

    [Test]
    public void An_old_log_is_read_up_to_the_present()
    {
        var clock = ClockAt("2026-11-26");
        foreach (var (stamp, month) in new[]
        {
            ("Dec 15 10:00:00", -11), ("Jan 15 10:00:00", -10), ("Mar  1 10:00:00", -8), ("Jun 15 10:00:00", -5), ("Nov 15 10:00:00", 0)
        })
            Read(clock, stamp).Should().BeSameDateAs(new DateTime(2026, 11, stamp[4] == ' ' ? 1 : 15).AddMonths(month));
    }

    [Test]
    public void A_stray_line_leads_nobody_astray_for_long()
    {
        var clock = ClockAt("2026-11-26");
        foreach (var stray in new[] { "Dec  1 10:00:00", "Jan  1 10:00:00", "Jun  1 10:00:00" })
        {
            Read(clock, stray);
            Read(clock, "Nov 26 11:00:00").Should().Be(new DateTimeOffset(2026, 11, 26, 11, 0, 0, TimeSpan.Zero));
        }
    }

    private static ArrivalClock ClockAt(string day)
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse(day + "T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        return new ArrivalClock(time);
    }

    private static DateTimeOffset Read(ArrivalClock clock, string stamp)
    {
        clock.TryGetTime(Encoding.ASCII.GetBytes(stamp), out var time).Should().BeTrue();
        return time;
    }
}
