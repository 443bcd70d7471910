using System.Globalization;
using System.Text;
using BlockSmtp.Syslog;
using CsCheck;

namespace BlockSmtp.Tests.Sendmail;

public sealed class StampClockTests
{
    [TestCase("Nov 23 18:00:03", "2026-11-23T18:00:03Z")]
    [TestCase("Nov  3 18:00:03", "2026-11-03T18:00:03Z")]
    [TestCase("Nov 03 18:00:03", "2026-11-03T18:00:03Z")]
    [TestCase("2025-11-23T18:00:03.5+00:00", "2025-11-23T18:00:03.5Z")]
    [TestCase("2025-11-23T18:00:03.123456-05:00", "2025-11-23T23:00:03.123456Z")]
    [TestCase("2025-11-23T18:00:03Z", "2025-11-23T18:00:03Z")]
    [TestCase("2025-11-23T18:00:03+0530", "2025-11-23T12:30:03Z")]
    [TestCase("2025-11-23T18:00:03", "2025-11-23T18:00:03Z")]
    [TestCase("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    [TestCase("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z")]
    public void A_stamp_becomes_a_time(string stamp, string expected)
    {
        TryGet(new StampClock(TimeZoneInfo.Utc, 2026), stamp, out var time).Should().BeTrue();
        time.Should().Be(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture));
    }

    [TestCase("Feb 30 18:00:03")]
    [TestCase("Feb 29 18:00:03")]
    [TestCase("Nov 31 18:00:03")]
    [TestCase("Nov  0 18:00:03")]
    [TestCase("Nox 23 18:00:03")]
    [TestCase("Nov 23 24:00:03")]
    [TestCase("Nov 23 18:61:03")]
    [TestCase("Nov 23 18:00:6x")]
    [TestCase("2025-02-29T18:00:03Z")]
    [TestCase("2025-13-01T18:00:03Z")]
    [TestCase("2025-11-23T18:00:03+25:00")]
    [TestCase("2025-11-23T18:00:03Q")]
    [TestCase("9999-12-31T23:59:59-01:00")]
    [TestCase("0001-01-01T00:00:00+01:00")]
    [TestCase("2025-11-23")]
    [TestCase("")]
    public void A_day_that_does_not_exist_is_no_time(string stamp)
    {
        var clock = new StampClock(TimeZoneInfo.Utc, 2026);
        TryGet(clock, stamp, out _).Should().BeFalse();
        TryGet(clock, "Nov 23 18:00:03", out _).Should().BeTrue();
        TryGet(clock, stamp, out _).Should().BeFalse();
    }

    [Test]
    public void A_stamp_means_the_same_after_any_others() =>
        Gen.Select(
            Gen.OneOfConst("2025-11-23T18:", "2025-11-23T19:", "2025-12-23T18:"),
            Gen.Int[0, 61],
            Gen.Int[0, 61],
            Gen.OneOfConst("", ".5", ".000001", ".123456789012", ".", ".x"),
            Gen.OneOfConst("Z", "", "+01:00", "-05:30", "+0100", "Q"),
            (hour, minute, second, fraction, zone) => $"{hour}{minute:00}:{second:00}{fraction}{zone}").Array[1, 20].Sample(stamps =>
        {
            var used = new StampClock(TimeZoneInfo.Utc, 2026);
            foreach (var stamp in stamps)
                (TryGet(used, stamp, out var time), time).Should().Be(
                    (TryGet(new StampClock(TimeZoneInfo.Utc, 2026), stamp, out var expected), expected), stamp);
        });

    [Test]
    public void Local_stamps_follow_the_zones_summer_time()
    {
        var clock = new StampClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), 2026);
        TryGet(clock, "Mar 29 01:59:59", out var before).Should().BeTrue();
        TryGet(clock, "Mar 29 03:00:00", out var after).Should().BeTrue();
        (after - before).Should().Be(TimeSpan.FromSeconds(1));
        TryGet(clock, "Mar 29 03:10:05", out var later).Should().BeTrue();
        (later - after).Should().Be(new TimeSpan(0, 10, 5));
    }

    [Test]
    public void The_year_goes_on_over_new_year_and_stragglers_stay_behind()
    {
        var clock = new StampClock(TimeZoneInfo.Utc, 2025);
        Year(clock, "Dec 31 23:59:59").Should().Be(2025);
        Year(clock, "Jan  1 00:00:00").Should().Be(2026);
        Year(clock, "Dec 31 23:59:58").Should().Be(2025);
        Year(clock, "Jan  1 00:00:01").Should().Be(2026);
        Year(clock, "Jul  1 00:00:01").Should().Be(2026);
        Year(clock, "Dec  1 00:00:01").Should().Be(2026);
        Year(clock, "Jan  1 00:00:01").Should().Be(2027);
        clock.NewYears.Should().Be(2);
    }

    private static int Year(StampClock clock, string stamp) => TryGet(clock, stamp, out var time) ? time.Year : 0;

    private static bool TryGet(StampClock clock, string stamp, out DateTimeOffset time) =>
        clock.TryGetTime(Encoding.ASCII.GetBytes(stamp), out time);
}
