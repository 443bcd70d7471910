using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;
using CsCheck;

namespace BlockSmtp.Tests.Sendmail;

public sealed class SyslogLineTests
{
    [TestCase("Nov 23 17:49:55 mail1 sm-mta[20703]: x", true)]
    [TestCase("Nov 23 17:49:55 MAIL1 sm-mta[20703]: x", true)]
    [TestCase("Nov 23 17:49:55 mail2 sm-mta[20703]: x", false)]
    [TestCase("<22>1 2026-11-23T17:51:30Z mail2 sm-mta 20703 - - x", false)]
    public void Only_the_named_hosts_lines_count(string line, bool counts) =>
        new SyslogLineParser("mail1", ["sm-mta"]).TryParse(Encoding.ASCII.GetBytes(line), out _).Should().Be(counts);

    [TestCase("Nov 23 17:49:55 mail1 sm-mta[20703]: x", true)]
    [TestCase("Nov 23 17:49:55 mail1 sm-mta-x[20703]: x", false)]
    [TestCase("Nov 23 17:49:55 mail1 blocksmtp[20703]: sm-mta[1]: x", false)]
    [TestCase("Nov 23 17:49:55 mail1 sm-mta: x", true)]
    [TestCase("Nov 23 17:49:55 mail1 sm-mta[]: x", false)]
    [TestCase("Nov 23 17:49:55 mail1 sm-mta[12345678901234567890]: x", false)]
    [TestCase("Nov 23 17:49:55 mail1 sm-mta[20703] x", false)]
    [TestCase("Nov 23 17:49:55 mail1", false)]
    [TestCase("<22>1 2026-11-23T17:51:30Z mail1 blocksmtp 20703 - - x", false)]
    [TestCase("<22>1 2026-11-23T17:51:30Z mail1 sm-mta - - - x", true)]
    [TestCase("", false)]
    [TestCase("\0\0\0Nov 23 17:49:55 mail1 sm-mta[20703]: x", true)]
    public void Only_the_mail_servers_lines_count(string line, bool counts)
    {
        var parser = new SyslogLineParser(null, ["sm-mta"]);
        for (var time = 1; time <= 2; time++)
            parser.TryParse(Encoding.ASCII.GetBytes(line), out _).Should().Be(counts, $"time {time}");
    }

    [Test]
    public void The_lines_before_change_nothing_of_what_a_line_says()
    {
        var stamp = Gen.OneOfConst(
            "Nov 23 17:49:55", "Nov  3 17:49:55", "2026-11-23T17:51:30Z", "2026-11-23T17:51:30.000352+00:00", "<22>Nov 23 17:49:55",
            "\0Nov 23 17:49:55", "x");
        var origin = Gen.OneOfConst("mail1 sm-mta[", "mail1 <mail.info> sm-mta[", "m sm-mta[", "mail1 cron[", "mail1 mail1 sm-mta[");
        var process = Gen.OneOfConst("1", "20703", "999999", "1234567", "12345678", "123456789", "1234567890", "", "12x");
        var line = Gen.Select(stamp, origin, process, Gen.OneOfConst("]: x", "]:  y", "]:", "]", " "), (a, b, c, d) => $"{a} {b}{c}{d}");
        line.Array[1, 20].Sample(texts =>
        {
            var parser = new SyslogLineParser(null, ["sm-mta"]);
            foreach (var text in texts)
            {
                var bytes = Encoding.ASCII.GetBytes(text);
                var counts = new SyslogLineParser(null, ["sm-mta"]).TryParse(bytes, out var alone);
                parser.TryParse(bytes, out var parts).Should().Be(counts, text);
                if (!counts)
                    continue;
                parts.ProcessId.Should().Be(alone.ProcessId, text);
                Encoding.ASCII.GetString(parts.Stamp).Should().Be(Encoding.ASCII.GetString(alone.Stamp), text);
                Encoding.ASCII.GetString(parts.Message).Should().Be(Encoding.ASCII.GetString(alone.Message), text);
            }
        });
    }

    [Test]
    public void Lines_of_several_hosts_are_told_apart()
    {
        var parser = new SyslogLineParser(null, ["sm-mta"]);
        var hosts = new List<int>();
        foreach (var host in new[] { "mail1", "mail2", "mail1", "mail3", "mail2" })
        {
            parser.TryParse(Encoding.ASCII.GetBytes($"Nov 23 17:49:55 {host} sm-mta[1]: x"), out var line).Should().BeTrue();
            hosts.Add(line.Host);
        }

        hosts.Should().Equal(0, 1, 0, 2, 1);
        parser.HostCount.Should().Be(3);
    }

    [Test]
    public void Random_bytes_are_no_reason_to_fail()
    {
        var parser = new SyslogLineParser(null, ["sm-mta"]);
        var prefixes = new[]
        {
            "", "Nov 23 17:49:55 ", "Nov 23 17:49:55 mail1 sm-mta[", "<22>1 2026-11-23T17:51:30Z mail1 sm-mta 7 - ",
            "Nov 23 17:49:55 mail1 sm-mta[7]: 6ANHntrU020703: "
        };
        Gen.Select(Gen.OneOfConst(prefixes), Gen.Byte.Array[0, 200]).Sample((prefix, bytes) =>
        {
            byte[] line = [.. Encoding.ASCII.GetBytes(prefix), .. bytes];
            if (parser.TryParse(line, out var parts))
                SendmailParser.Read(parts, MailEventsWanted.Ends, new RefusalTexts([]), out _);
        });
    }
}
