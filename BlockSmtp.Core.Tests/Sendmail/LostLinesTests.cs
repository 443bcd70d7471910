using System.Text;
using BlockSmtp.Syslog;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>A log that says itself that lines of it are missing.</summary>
public sealed class LostLinesTests
{
    [TestCase(
        "Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid 4711]: 99 messages lost due to rate-limiting (200 allowed within 5 seconds)", 99)]
    [TestCase(
        "Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid: 51, name: /usr/sbin/sendmail-mta]: "
            + "48814808 messages lost due to rate-limiting (20000 allowed within 300 seconds)",
        48814808)]
    [TestCase("Nov 23 18:00:03 mail1 rsyslogd-2177: imuxsock lost 99 messages from pid 4711 due to rate-limiting", 99)]
    [TestCase("2026-11-23T18:00:03.000000+01:00 mail1 rsyslogd: imjournal: 236 messages lost due to rate-limiting", 236)]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from sendmail.service", 1152)]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journal[210]: Suppressed 1152 messages from sendmail.service", 1152)]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from postfix@-.service", 1152)]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from postfix.service", 1152)]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from exim4.service", 1152)]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from exim.service", 1152)]
    [TestCase(
        "Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid: 4711, name: /usr/lib/postfix/sbin/smtpd]: "
            + "9999 messages lost due to rate-limiting (200 allowed within 5 seconds)",
        9999)]
    [TestCase(
        "Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid: 4711, name: /usr/lib/postfix/sbin/postlogd]: "
            + "9999 messages lost due to rate-limiting (200 allowed within 5 seconds)",
        9999)]
    [TestCase(
        "Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid: 4711, name: /usr/libexec/postfix/smtpd]: "
            + "9999 messages lost due to rate-limiting (200 allowed within 5 seconds)",
        9999)]
    [TestCase(
        "Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid: 4711, name: /usr/sbin/exim4]: "
            + "9999 messages lost due to rate-limiting (200 allowed within 5 seconds)",
        9999)]
    public void Is_understood(string line, long count)
    {
        LostLines.TryRead(Encoding.ASCII.GetBytes(line), out var found).Should().BeTrue();
        found.Should().Be(count);
    }

    [TestCase("Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid 4711]: begin to drop messages due to rate-limiting")]
    [TestCase("Nov 23 18:00:03 mail1 rsyslogd: imuxsock[pid: 51, name: /usr/sbin/cron]: 99 messages lost due to rate-limiting")]
    [TestCase("Nov 23 18:00:03 mail1 rsyslogd: omfwd: lost x messages due to rate-limiting")]
    [TestCase("Nov 23 18:00:03 mail1 rsyslogd: imuxsock lost -1 messages from pid 4711 due to rate-limiting")]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from nginx.service")]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 1152 messages from proximity.service")]
    [TestCase("Nov 23 18:00:03 mail1 systemd-journald[210]: Suppressed 99999999999999999999 messages from sendmail.service")]
    [TestCase("Nov 23 18:00:03 mail1 sshd[7]: Invalid user rsyslogd: imuxsock lost 99 messages from pid 1 due to rate-limiting")]
    [TestCase("Nov 23 18:00:03 mail1 sm-mta[7]: x rsyslogd: imuxsock lost 99 messages from pid 1 due to rate-limiting")]
    [TestCase("rsyslogd: imuxsock lost 99 messages from pid 1 due to rate-limiting")]
    [TestCase("Nov 23 18:00:03 mail1 rsyslogd:")]
    [TestCase("Nov 23 18:00:03 mail1")]
    public void Is_nothing_else(string line) => LostLines.TryRead(Encoding.ASCII.GetBytes(line), out _).Should().BeFalse();

    [Test]
    public async Task An_engine_counts_them_and_says_so_once_a_minute()
    {
        await using var running = new RunningEngine();
        await running.Log.WriteAsync(new LogText().Unknown(7, 1));
        for (var i = 0; i < 3; i++)
            await running.Log.WriteAsync(Lost(10));
        running.Engine.Counters.LostLines.Should().Be(30);
        running.Events.Entries.Where(entry => entry.Id == 1062)
            .Should().ContainSingle().Which.Message.Should().Contain("10 lines, 10 so far");

        running.Time.Advance(TimeSpan.FromMinutes(1));
        await running.Log.WriteAsync(Lost(5));

        running.Events.Entries.Last(entry => entry.Id == 1062).Message.Should().Contain("25 lines, 35 so far");
    }

    private static LogText Lost(int count) =>
        new LogText().Text($"rsyslogd: imuxsock[pid 4711]: {count} messages lost due to rate-limiting (200 allowed within 5 seconds)");
}
