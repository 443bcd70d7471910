using BlockSmtp.Reports;

namespace BlockSmtp.Tests.Reports;

/// <summary>However long a log is, what is kept of it for the pictures is little.</summary>
public sealed class BoundsTests
{
    [TestCase(100, 1, 1)]
    [TestCase(1_000, 3_600, 12 * 3_600)]
    [TestCase(10_000, 3_600, 7 * 24 * 3_600)]
    public void Any_time_fits_into_so_many_periods_and_nothing_is_lost(int offenses, int secondsApart, int expectedSeconds)
    {
        var counter = new PeriodCounter();
        var start = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        // The last one comes late, as with a transaction that has waited.
        foreach (var i in Enumerable.Range(0, offenses - 1).Append(5))
            counter.Add(start.AddSeconds((long)i * secondsApart), answered: 1, keptOut: 2);

        var (periods, length) = counter.Take(120);

        length.Should().Be(TimeSpan.FromSeconds(expectedSeconds));
        periods.Should().HaveCountLessThanOrEqualTo(120);
        periods.Sum(period => period.Answered).Should().Be(offenses);
        periods.Sum(period => period.KeptOut).Should().Be(2 * offenses);
        periods.Select(period => period.Start).Should().BeInAscendingOrder();
    }

    [Test]
    public void Of_too_many_hosts_those_that_guessed_most_keep_their_names()
    {
        var names = new NameSamples();
        var worst = new HostTally(isTrusted: false) { Answered = 1000 };
        for (var i = 0; i < 9; i++)
            names.Add(worst, $"<worst{i}>");
        var others = Enumerable.Range(0, 40_000).Select(i => new HostTally(isTrusted: false) { Answered = 1 }).ToArray();
        foreach (var host in others)
            names.Add(host, "<x>");

        names.Of(worst).Should().HaveCount(6);
        others.Count(host => names.Of(host).Count > 0).Should().BeInRange(1, 16_384);
    }
}
