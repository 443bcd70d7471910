using System.Text;
using BlockSmtp.Syslog;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>What syslog daemons, and what stands between them and a file, write before a message.</summary>
public sealed class HeaderFormsTests
{
    private const string Message = "6ANHntrU020703: <anna@example.org>... User unknown";

    // BSD's syslogd -v and -v -v, with and without a host's priority
    [TestCase("Nov 23 18:00:03 <mail.info> mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 <2.6> mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("<22>1 2026-11-23T18:00:03.123456+00:00 mail1.example.org sm-mta 20703 - - ", "mail1.example.org", 20703)]
    // Solaris, AIX, macOS, BusyBox
    [TestCase("Nov 23 18:00:03 mail1 sendmail[20703]: [ID 801593 mail.info] ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 mail1 mail:info sendmail[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 log1 mail:info Message forwarded from mail1: sendmail[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 Message forwarded from mail1: sendmail[20703]: ", "mail1", 20703)]
    [TestCase("2026-11-23 18:00:03.123456+0000  localhost sendmail[20703]: ", "localhost", 20703)]
    [TestCase("Mon Nov 23 18:00:03 mail1 sendmail[20703] <Notice>: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 sm-mta[20703]: ", "", 20703)]
    [TestCase("Nov 23 18:00:03 mail.info sm-mta[20703]: ", "", 20703)]
    // Templates of rsyslog and syslog-ng
    [TestCase("mail.info<22>: Nov 23 18:00:03 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("<mail.info> Nov 23 18:00:03 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 mail1 [mail.info] sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 mail1 mail.info: sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("2026 Nov 23 18:00:03.123 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 2026 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Mon Nov 23 18:00:03 2026 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("2026-11-23T18:00:03+00 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("2026-11-23T18:00:03,123Z mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("1795456803 mail1 sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 2001:db8::25 sm-mta[20703]: ", "2001:db8::25", 20703)]
    [TestCase("Nov 23 18:00:03  mail1  sm-mta[20703]: ", "mail1", 20703)]
    [TestCase("Nov 23 18:00:03 mail1 sm-mta: ", "mail1", 0)]
    // journalctl -o short-full, short-unix
    [TestCase("Mon 2026-11-23 18:00:03 UTC mail1 sendmail[20703]: ", "mail1", 20703)]
    [TestCase("1795456803.123456 mail1 sendmail[20703]: ", "mail1", 20703)]
    // RFC 5424
    [TestCase("<22>1 2026-11-23T18:00:03Z - sm-mta 20703 - - ", "-", 20703)]
    [TestCase("<22>1 2026-11-23T18:00:03Z mail1 sm-mta 20703 ID47 [x@1 a=\"b\\]c\" d=\"e f\"][y@1 a=\"1\"] ", "mail1", 20703)]
    [TestCase("<22>1 2026-11-23T18:00:03Z mail1 sm-mta[20703] - - - ", "mail1", 20703)]
    [TestCase("<22>1 2026-11-23T18:00:03Z mail1 sm-mta - - - ", "mail1", 0)]
    public void A_line_has_its_parts(string header, string host, int process)
    {
        var parser = new SyslogLineParser(null, ["sm-mta", "sendmail"]);
        var clock = new StampClock(TimeZoneInfo.Utc, 2026);
        for (var time = 1; time <= 2; time++)
        {
            parser.TryParse(Encoding.UTF8.GetBytes(header + Message), out var parts).Should().BeTrue($"time {time}");
            Encoding.UTF8.GetString(parts.Message).Should().Be(Message);
            parser.HostName(parts.Host).Should().Be(host);
            parts.ProcessId.Should().Be(process);
            clock.TryGetTime(parts.Stamp, out var stamp).Should().BeTrue();
            (stamp.UtcTicks / TimeSpan.TicksPerSecond)
                .Should().Be(new DateTimeOffset(2026, 11, 23, 18, 0, 3, TimeSpan.Zero).UtcTicks / TimeSpan.TicksPerSecond);
        }
    }

    [TestCase("Nov 3 18:00:03")]
    [TestCase("Nov  3 18:00:03")]
    [TestCase("Nov 03 18:00:03")]
    public void A_day_of_one_digit_may_be_written_in_three_ways(string stamp)
    {
        new SyslogLineParser(null, ["sm-mta"]).TryParse(Encoding.UTF8.GetBytes($"{stamp} mail1 sm-mta[7]: {Message}"), out var parts)
            .Should().BeTrue();
        new StampClock(TimeZoneInfo.Utc, 2026).TryGetTime(parts.Stamp, out var time).Should().BeTrue();
        time.Should().Be(new DateTimeOffset(2026, 11, 3, 18, 0, 3, TimeSpan.Zero));
    }

    // What a client writes stands behind the program's name and cannot be taken for one.
    [TestCase("Nov 23 18:00:03 mail1 cron[7]: sm-mta[20703]: ")]
    [TestCase("Nov 23 18:00:03 mail1 cron[7]: Message forwarded from mail2: sm-mta[20703]: ")]
    [TestCase("Nov 23 18:00:03 cron[7]: sm-mta[20703]: ")]
    [TestCase("<22>1 2026-11-23T18:00:03Z mail1 cron 7 - - sm-mta[20703]: ")]
    public void Another_program_has_written_it(string header) =>
        new SyslogLineParser(null, ["sm-mta"]).TryParse(Encoding.UTF8.GetBytes(header + Message), out _).Should().BeFalse();
}
