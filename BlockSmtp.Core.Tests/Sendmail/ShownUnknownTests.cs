using System.Net;
using System.Text;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>
/// A client waits while its message is delivered, or the receipt of it to its sender (VERB), and is shown who does not exist.
/// </summary>
[TestFixture]
public sealed class ShownUnknownTests
{
    private const string Friend = "198.51.100.44";
    private const string Guesser = "203.0.113.13";
    private const string Failed = ", delay=00:00:00, mailer=local, pri=30015, dsn=5.1.1, reply=550 5.1.1 User unknown, stat=User unknown";
    private const string Taken = ", size=15, class=0, nrcpts=1, msgid=<x@example.org>, proto=ESMTP, daemon=MTA-v4, relay=[203.0.113.13]";

    // Each of these senders has been logged so by the real sendmail: cut within what opens, or with what looks like an end.
    [TestCase("imymrz\\\\,rvkhrg\\\\,doswcx@example.org(ccccccccccc")]
    [TestCase("<a@example.org>,<b@example.org>,<c@exam")]
    [TestCase("\"ccccccccc")]
    [TestCase("(cccc\\001\\001\\001)n@example.org(c")]
    [TestCase("<n@example.org>")]
    [TestCase("<a(, size=0, class=0, nrcpts=0)@example.org>(c")]
    public async Task Whatever_the_sender_looks_like(string sender)
    {
        var policy = await ReadAsync(new LogText()
            .Line(7, $"from={sender}{Taken}")
            .Line(7, $"to=vftpzm\\\\{Failed}")
            .Line(7, $"to=<ofxqde@example.org>{Failed}"));

        policy.Offenses.Should().HaveCount(2).And.OnlyContain(offense => offense.Peer.Equals(IPAddress.Parse(Guesser)));
        policy.Offenses.Select(offense => offense.RecipientKey).Should().OnlyHaveUniqueItems();
    }

    [TestCase(", size=0, class=0, nrcpts=1, msgid=<x@mail1.example.org>, proto=ESMTP, daemon=MTA-v4, relay=[203.0.113.13]")]
    [TestCase(", size=0, class=0, nrcpts=1, proto=ESMTP, daemon=MTA-v4, relay=[203.0.113.13]")]
    [TestCase(", size=15, class=0, nrcpts=1, bodytype=8BITMIME, proto=ESMTP, daemon=MTA-v4, relay=[203.0.113.13]")]
    [TestCase(", size=15, class=0, nrcpts=1, msgid=<x, size=0, class=0, nrcpts=0, y>, proto=ESMTP, daemon=MTA-v4, relay=[203.0.113.13]")]
    public async Task Whatever_the_message_looks_like(string message)
    {
        var policy = await ReadAsync(new LogText().Line(7, $"from=(c{message}").Line(7, $"to=<ofxqde@example.org>{Failed}"));

        policy.Offenses.Should().ContainSingle().Which.Peer.Should().Be(IPAddress.Parse(Guesser));
    }

    [TestCase("\"x, y\"<qaazu@example.org>", "\"x, y\"<qbazu@example.org>")]
    [TestCase("(x, y)qaazu@example.org", "(x, y)qbazu@example.org")]
    [TestCase("\"x, stat=Sent\"<qaazu@example.org>", "\"x, stat=Sent\"<qbazu@example.org>")]
    [TestCase("\"x, delay=1\"<qaazu@example.org>", "\"x, delay=1\"<qbazu@example.org>")]
    [TestCase("qaazu, ctladdr=<x@example.org> (8/0)", "qbazu, ctladdr=<x@example.org> (8/0)")]
    public async Task Names_that_begin_alike_are_different_ones(string one, string other)
    {
        var policy = await ReadAsync(new LogText()
            .Line(7, $"from=<a@b.example>{Taken}").Line(7, $"to={one}{Failed}").Line(7, $"to={other}{Failed}"));

        policy.Offenses.Should().HaveCount(2);
        policy.Offenses.Select(offense => offense.RecipientKey).Where(key => key != 0).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task A_name_in_brackets_is_the_one_that_it_is_elsewhere()
    {
        var policy = await ReadAsync(new LogText()
            .Line(7, $"from=<a@b.example>{Taken}").Line(7, $"to=<joe@example.org>{Failed}")
            .Line(8, "<joe@example.org>... User unknown").End(8, Guesser));

        policy.Offenses.Select(offense => offense.RecipientKey).Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task What_is_not_known_to_be_a_message_earns_nothing()
    {
        var policy = await ReadAsync(new LogText()
            .Line(7, $"from=(c{Taken}")
            .Raw(9, $"{LogText.DefaultId}000007: to=<alice@example.org>, delay=00:00:00, mailer=local, pri=30015, dsn=2.0.0, stat=Sent"));

        policy.Acceptances.Should().BeEmpty();
    }

    [Test]
    public async Task An_empty_bracket_before_a_name_is_no_null_sender()
    {
        var policy = await ReadAsync(new LogText()
            .Line(7, $"from=<><joe@example.org>{Taken}").Line(7, $"to=<><joe@example.org>{Failed}"));

        policy.Offenses.Should().ContainSingle().Which.Sender.Should().Be(SenderKind.Named);
    }

    // CurHostName: after a delivery within the session it is the host that was delivered to, which a client chooses by its sender.
    [Test]
    public async Task Whom_a_time_out_names_is_not_the_client()
    {
        var policy = await ReadAsync(new LogText()
            .Unknown(7, 6)
            .Line(7, $"timeout waiting for input from [{Friend}] during server cmd read")
            .Line(7, $"lost input channel from [{Guesser}] to MTA-v4 after rcpt")
            .End(7, Guesser));

        policy.Offenses.Should().HaveCount(6).And.OnlyContain(offense => offense.Peer.Equals(IPAddress.Parse(Guesser)));
    }

    private static async Task<NotingPolicy> ReadAsync(LogText log)
    {
        var policy = new NotingPolicy();
        await new LogReplay(
            new MemoryLogSource(Encoding.ASCII.GetBytes(log.ToString())),
            policy,
            new ReplayOptions { FirstYear = 2026, TimeZone = TimeZoneInfo.Utc }).RunAsync();
        return policy;
    }
}
