using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Judging;
using BlockSmtp.State;

namespace BlockSmtp.Tests.Detection;

public sealed class HostTracesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 18, 0, 0, TimeSpan.Zero);

    [Test]
    public void Of_a_host_that_guesses_for_a_month_only_what_still_counts_is_kept()
    {
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromDays(1));
        var host = IPAddress.Parse("203.0.113.20");
        for (var hours = 0; hours < 30 * 24; hours += 12)
            traces.Add(HostKey.Of(host), new Offense(host, Start.AddHours(hours), OffenseKind.UnknownRecipient));

        traces.Of(host).Offenses.Select(offense => offense.Time)
            .Should().Equal(Start.AddHours((30 * 24) - 36), Start.AddHours((30 * 24) - 24), Start.AddHours((30 * 24) - 12));
    }

    [Test]
    public void What_names_may_take_is_bounded_and_the_latest_hosts_are_kept()
    {
        var traces = new HostTraces(new UncommittedState(), TimeSpan.FromDays(1));
        var name = new string('x', 10_000);
        for (var number = 0; number < 40_000; number++)
        {
            var host = new IPAddress([10, 1, (byte)(number >> 8), (byte)number]);
            traces.Add(HostKey.Of(host), new Offense(host, Start.AddSeconds(number), OffenseKind.UnknownRecipient) { Recipient = name });
        }

        // 40,000 names of 20 KB are more than any machine's share.
        var kept = traces.All.ToArray();
        kept.Length.Should().BeInRange(500, 20_000);
        kept[^1].Host.Should().Be(IPAddress.Parse("10.1.156.63"));
        traces.Of(IPAddress.Parse("10.1.0.0")).Offenses.Should().BeEmpty();
    }
}
