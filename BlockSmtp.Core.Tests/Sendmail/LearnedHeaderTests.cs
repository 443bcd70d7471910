using System.Text;
using BlockSmtp.Syslog;
using CsCheck;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>What the quick look says of a line is what reading it in full says, whatever lines there were before.</summary>
public sealed class LearnedHeaderTests
{
    private static readonly string[] Names = ["sm-mta", "sendmail", "postfix", "exim"];

    private static readonly Gen<string> Stamps = Gen.OneOfConst(
        "Nov 23 17:49:55 ", "Nov  3 17:49:55 ", "Dec 13 07:09:05 ", "2026-11-23T17:51:30.000352+00:00 ", "2026-11-23T17:51:30Z ",
        "2026-11-23 17:51:30 ", "<22>Nov 23 17:49:55 ", "\0\0Nov 23 17:49:55 ", "<22>1 2026-11-23T17:51:30Z ", "Nov 23 17:49 ", "");

    private static readonly Gen<string> Hosts = Gen.OneOfConst(
        "mail1 ", "mail2 ", "mail1.example.org ", "mail1 mail.info ", "<mail.info> mail1 ", "a-host-with-quite-a-long-name.example.org ",
        "");

    private static readonly Gen<string> Tags = Gen.OneOfConst(
        "sm-mta[", "sendmail[", "postfix/smtpd[", "postfix/qmgr[", "postfix/submission/smtpd[", "exim[", "sm-msp-queue[", "sm-mt[",
        "sm-mtas[", "CRON[", "dovecot: ", "kernel: ", "last message repeated 2 times", "local0.info sm-mta[", "<mail.info> sm-mta[",
        "postfix/smtpd[", "sm-mta: ", "sm-mta 7 - - ", "postfix/10.0.0.1:25/smtpd[", "postfix/[2001:db8::25]:25/smtpd[",
        "postfix/[::1]:25/smtpd: ", "postfix/[");

    private static readonly Gen<string> Processes = Gen.OneOfConst(
        "7]: ", "20703]: ", "1234567]: ", "12345678]: ", "0]:", "]: ", "20703]:  ", "20703] ", "2070", "99999999999]: ", "");

    private static readonly Gen<string> Messages = Gen.OneOfConst(
        "6ANHntrU020703: <joe@example.org>... User unknown", "NOQUEUE: connect from client.example.net [192.0.2.1]", "x", " ", "", "\r",
        "starting daemon (8.17.1): SMTP+queueing@00:10:00",
        "6ANHntrU020703: from=<a@example.net>, size=0, class=0, nrcpts=0, proto=SMTP, daemon=MTA-v4, relay=client.example.net [192.0.2.1]");

    private static readonly Gen<byte[]> Lines =
        Gen.Select(
            Stamps,
            Hosts,
            Tags,
            Processes,
            Messages,
            (stamp, host, tag, process, message) => Encoding.ASCII.GetBytes(stamp + host + tag + process + message));

    private static readonly Gen<byte[]> Damaged =
        Gen.Select(
            Lines,
            Gen.Int[0, 60],
            Gen.OneOf(Gen.OneOfConst((byte)' ', (byte)'[', (byte)':', (byte)'.', (byte)'<', (byte)'9'), Gen.Byte),
            (line, at, value) =>
                line.Length == 0 ? line : [.. line[..(at % line.Length)], value, .. line[((at % line.Length) + 1)..]]);

    [TestCase("postfix/10.0.0.1:25/smtpd[7]: ")]
    [TestCase("postfix/[2001:db8::25]:25/smtpd[7]: ")]
    [TestCase("postfix/[::1]:25/smtpd: ")]
    public void A_service_whose_name_is_an_address_is_not_passed_over_behind_a_usual_line_where_no_delivery_matters(string tag)
    {
        var lines = new SyslogLineParser(null, Names, MailPrograms.All) { WantsDeliveries = false };
        lines.TryParse("Nov 23 17:49:55 mail1 postfix/smtpd[7]: connect from client.example.net[192.0.2.1]"u8, out _).Should().BeTrue();
        for (var again = 0; again < 2; again++)
        {
            var line = Encoding.ASCII.GetBytes($"Nov 23 17:49:55 mail1 {tag}connect from client.example.net[192.0.2.1]");

            lines.TryParse(line, out var parts).Should().BeTrue();
            parts.Program.Should().Be(LogProgram.Smtpd);
            Encoding.ASCII.GetString(parts.Message).Should().StartWith("connect from ");
        }
    }

    [Test]
    public void A_quick_look_says_what_reading_in_full_says() => Gen.OneOf(Lines, Damaged).Array[1, 40].Sample(lines =>
    {
        var used = new SyslogLineParser(null, Names, MailPrograms.All);
        foreach (var line in lines)
        {
            var text = Encoding.Latin1.GetString(line);
            var owner = used.Look(line, out var processId, out var messageAt);
            // A parser that has seen nothing yet has nothing that is usual.
            var isMailer = new SyslogLineParser(null, Names, MailPrograms.All).TryParse(line, out var parts);
            if (owner == LineOwner.Other)
                isMailer.Should().BeFalse(text);
            if (owner == LineOwner.Mailer)
            {
                isMailer.Should().BeTrue(text);
                (parts.ProcessId, line.Length - parts.Message.Length).Should().Be((processId, messageAt), text);
                used.PartsOf(line, processId, messageAt).Stamp.SequenceEqual(parts.Stamp).Should().BeTrue(text);
                used.UsualProgram.Should().Be(parts.Program, text);
            }

            used.TryParse(line, out var again).Should().Be(isMailer, text);
            again.Program.Should().Be(parts.Program, text);
            if (isMailer)
                Encoding.Latin1.GetString(again.Message).Should().Be(Encoding.Latin1.GetString(parts.Message));
        }
    });

    [TestCase("Nov 23 17:49:55 mail1 ")]
    [TestCase("2026-11-23T17:51:30.000352+00:00 mail1.example.org ")]
    public void A_usual_line_is_told_at_once(string start)
    {
        const string Message = "6ANHntrU020703: <joe@example.org>... User unknown";
        var parser = new SyslogLineParser(null, ["sm-mta", "sendmail"]);
        parser.TryParse(Encoding.ASCII.GetBytes($"{start}sm-mta[7]: {Message}"), out _).Should().BeTrue();

        parser.Look(Encoding.ASCII.GetBytes($"{start}sm-mta[20703]: {Message}"), out var processId, out _).Should().Be(LineOwner.Mailer);
        parser.Look(Encoding.ASCII.GetBytes($"{start}dovecot: imap-login: Login: user=<anna>"), out _, out _).Should().Be(LineOwner.Other);
        parser.Look(Encoding.ASCII.GetBytes($"{start}CRON[1]: (root) CMD (a command of some length)"), out _, out _)
            .Should().Be(LineOwner.Other);

        processId.Should().Be(20703);
    }
}
