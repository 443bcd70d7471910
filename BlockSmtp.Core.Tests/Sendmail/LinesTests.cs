using System.Net;
using System.Text;
using BlockSmtp.Grammars;
using BlockSmtp.Reading;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;

namespace BlockSmtp.Tests.Sendmail;

/// <summary>Every line of lines.tsv is read as it says.</summary>
public sealed class LinesTests
{
    private static readonly string[] Formats =
    [
        "Nov 23 17:49:55 mail1 sm-mta[20703]: {0}",
        "Nov  3 17:49:55 <mail.info> mail1 sendmail[20703]: {0}",
        "Nov 23 17:49:55 mail1 mail.info sm-mta[20703]: {0}",
        "<22>Nov 23 17:49:55 mail1 sm-mta[20703]: {0}",
        "2026-11-23T17:51:30.000352+00:00 mail1 sm-mta[20703]: {0}",
        "2026-11-23T17:51:30Z mail1 sm-mta[20703]: {0}",
        "Nov 23 17:49:55 mail1 sendmail[20703]: [ID 801593 mail.info] {0}",
        "Nov 23 17:49:55 mail1 mail:info sendmail[20703]: {0}",
        "Nov 23 17:49:55 mail1 /usr/sbin/sendmail[20703]: {0}",
        "Nov 23 17:49:55 mail1 sendmail[20703] <Notice>: {0}",
        "Nov 23 17:49:55.123 mail1 sm-mta[20703]: {0}",
        "2026 Nov 23 17:49:55 mail1 sm-mta[20703]: {0}",
        "Nov 23 2026 17:49:55 mail1 sm-mta[20703]: {0}",
        "2026-11-23 17:49:55 mail1 sm-mta[20703]: {0}",
        "2026-11-23 17:49:55.123+01:00 mail1 sm-mta[20703]: {0}",
        "<22>1 2026-11-23T17:51:30.000352+00:00 mail1 sm-mta 20703 - -  {0}",
        "<22>1 2026-11-23T17:51:30.000352+00:00 mail1 sm-mta 20703 - [x@1 y=\"z\"] {0}",
    ];

    private static IEnumerable<TestCaseData> Lines()
    {
        using var reader = new StreamReader(typeof(LinesTests).Assembly.GetManifestResourceStream("lines.tsv")!);
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.StartsWith('#'))
                continue;
            var parts = line.Split('\t');
            yield return new TestCaseData(parts[0], parts[1..]).SetArgDisplayNames($"line {number}: {parts[0]}");
        }
    }

    [TestCaseSource(nameof(Lines))]
    public void A_line_is_read_as_what_sendmail_meant(string expected, string[] texts)
    {
        foreach (var format in Formats)
        {
            var parser = new SyslogLineParser(null, ["sm-mta", "sendmail"]);
            var split = new SplitMessages();
            var told = texts.Select(text => Read(parser, split, format.Replace("{0}", text, StringComparison.Ordinal), expected))
                .Where(kind => kind != "none").ToArray();

            (told is [] ? "none" : string.Join("; ", told)).Should().Be(expected, format);
        }
    }

    private static string Read(SyslogLineParser parser, SplitMessages split, string line, string expected)
    {
        parser.TryParse(Encoding.Latin1.GetBytes(line), out var parts).Should().BeTrue(line);
        parts.ProcessId.Should().Be(20703);
        parser.HostName(parts.Host).Should().Be("mail1");

        var refusals = new RefusalTexts([]);
        SendmailParser.Read(parts, MailEventsWanted.Ends, refusals, out var read);

        var isPart = read.Kind == MailEventKind.Part;
        var stands = expected is "unknown" or "start" || expected.StartsWith("connect", StringComparison.Ordinal) ||
            expected.StartsWith("probe", StringComparison.Ordinal);
        if (isPart || stands)
            SendmailParser.Look(parts.Message, refusals).Should().HaveFlag(LineBearing.Alone, line);
        return isPart && !split.TryRead<SendmailGrammar>(ref parts, MailEventsWanted.Ends, refusals, ref read) ? "none" : Describe(read);
    }

    private static string Describe(in MailEvent read)
    {
        switch (read.Kind)
        {
            case MailEventKind.UnknownRecipient:
                return "unknown";
            case MailEventKind.DaemonStart:
                return "start";
            case MailEventKind.TransactionEnd:
                return "end " + (RelayText.TryReadLast(read.Text, out var last) && RelayText.TryParse(last, out var peer) ? peer : "-");
            case MailEventKind.Probe when read.IsClaim:
                return "claim";
            case MailEventKind.Relay or MailEventKind.Probe or MailEventKind.Connect:
                RelayText.TryParse(read.Text, out IPAddress address).Should().BeTrue();
                return $"{read.Kind.ToString().ToLowerInvariant()} {address}";
            default:
                return read.Kind.ToString().ToLowerInvariant();
        }
    }
}
