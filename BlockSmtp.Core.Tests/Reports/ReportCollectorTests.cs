using System.Net;
using BlockSmtp.Reports;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Reports;

/// <summary>What the report says is what the log has.</summary>
public sealed class ReportCollectorTests
{
    private const string Host = "203.0.113.20";

    [Test]
    public async Task Tells_the_guesses_before_the_block_from_those_after_it()
    {
        var report = await ReportOf.Log(
            new LogText().Unknown(7, 6).End(7, Host).At("18:30:00").Unknown(8, 2).End(8, Host).At("22:00:00").Unknown(9, 1).End(9, Host));

        var host = report.Hosts.Should().ContainSingle().Subject;
        (host.Answered, host.KeptOut).Should().Be((5, 4), "four before the block and one after it has expired");
        host.Names.Should().StartWith("<name0@example.org>").And.HaveCount(6);
        (report.Answered, report.KeptOut).Should().Be((5, 4));
        report.Periods.Sum(period => period.Answered + period.KeptOut).Should().Be(9);
        report.Periods.Sum(period => period.Blocks).Should().Be(1);
        report.Groups.Should().ContainSingle().Which.Should().Be(new ReportGroup(4, 9, 1, 1, 5, 4));
    }

    [Test]
    public async Task A_real_sender_is_a_host_whose_mail_was_delivered()
    {
        const string Sender = "198.51.100.10", Refused = "198.51.100.11", Aborted = "198.51.100.12";
        var log = new LogText()
            .Line(5, "from=<a@b.example>, size=131, class=0, nrcpts=2, msgid=<1>, proto=ESMTP, daemon=MTA-v4, "
                + $"relay=mx.friendly.example [{Sender}]", "6ANAAAAA")
            .Raw(6, "6ANAAAAA000005: to=<alice@example.org>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent")
            .Raw(6, "6ANAAAAA000005: to=<bob@example.org>, delay=00:00:00, mailer=local, dsn=2.0.0, stat=Sent")
            .Line(
                7, $"from=<a@b.example>, size=131, class=0, nrcpts=1, msgid=<2>, proto=ESMTP, daemon=MTA-v4, relay=[{Refused}]", "6ANAAAAB")
            .Raw(8, "6ANAAAAB000007: to=former, ctladdr=<\"x, stat=Sent\"@example.org> (8/0), delay=00:00:00, dsn=5.1.1, stat=User unknown")
            .Line(9, $"from=<a@b.example>, size=0, class=0, nrcpts=1, proto=ESMTP, daemon=MTA-v4, relay=[{Aborted}]", "6ANAAAAC");
        foreach (var (host, pid) in new[] { (Sender, 20), (Refused, 21), (Aborted, 22) })
            log.Unknown(pid, 4).End(pid, host);

        var report = await ReportOf.Log(log);

        report.Hosts.Single(host => host.Host.Address.ToString() == Sender).Host.Deliveries.Should().Be(
            1, "one message, whatever its number of recipients");
        report.Hosts.Should().OnlyContain(host => host.Host.Deliveries == 0 || host.Host.Address.ToString() == Sender);
        report.Settings[0].Should().BeEquivalentTo(new { Blocked = 3, BlockedSenders = 1, Answered = 12, KeptOut = 0 });
        report.Thresholds[3].Should().BeEquivalentTo(new { Blocked = 0, BlockedSenders = 0, Answered = 12, KeptOut = 0 });
    }

    [TestCase("sendmail-8.17-loglevel9.log")]
    [TestCase("sendmail-8.17-loglevel14.log")]
    [TestCase("sendmail-8.17-iso8601.log")]
    public async Task The_settings_that_are_set_come_to_the_same_tried_as_decided(string name)
    {
        var report = await ReportOf.Log(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Corpus", "data", name)));

        report.Thresholds[2].Should().BeEquivalentTo(report.Settings[0]);
        report.Thresholds.Select(row => row.Blocked).Should().BeInDescendingOrder();
        report.Thresholds.Select(row => row.Answered).Should().BeInAscendingOrder();
        (report.Answered + report.KeptOut).Should().Be(report.Summary.Counters.Offenses - report.Summary.Counters.Unresolved);
        report.Settings.Should().HaveCountGreaterThan(5).And.OnlyContain(row =>
            row.Answered + row.KeptOut == report.Answered + report.KeptOut);
    }

    [Test]
    public async Task The_trusted_count_against_no_setting()
    {
        var options = new ReplayOptions { OwnAddresses = [IPAddress.Parse("10.1.2.3")] };

        var report = await ReportOf.Log(new LogText().Unknown(7, 9).End(7, "10.1.2.3"), options);

        report.Hosts.Should().ContainSingle().Which.Host.IgnoredBecause.Should().NotBeNull();
        report.Settings.Concat(report.Thresholds).Should().OnlyContain(row => row.Blocked == 0 && row.Answered == 0 && row.KeptOut == 0);
    }

    [Test]
    public async Task Networks_are_those_of_each_family()
    {
        var report = await ReportOf.Log(new LogText().Unknown(7, 1).End(7, "203.0.113.20").Unknown(8, 2).End(8, "203.0.113.77")
            .Unknown(9, 1).End(9, "IPv6:2001:db8:0:0:0:0:a:21"));

        report.Networks.Select(network => (network.Network.ToString(), network.Hosts, network.Offenses))
            .Should().Equal(("203.0.113.0/24", 2, 3L), ("2001:db8::/64", 1, 1L));
        report.WideNetworks.Select(network => network.Network.ToString()).Should().Equal("203.0.0.0/16", "2001:db8::/48");
    }

    [Test]
    public async Task A_log_without_guesses_has_an_empty_report()
    {
        var report = await ReportOf.Log(new LogText().End(7, Host));

        report.Periods.Should().BeEmpty();
        report.Hosts.Should().BeEmpty();
    }
}
