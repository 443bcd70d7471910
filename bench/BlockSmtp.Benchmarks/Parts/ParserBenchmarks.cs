using System.Text;
using BenchmarkDotNet.Attributes;
using BlockSmtp.Grammars;
using BlockSmtp.Sendmail;
using BlockSmtp.Syslog;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>From a line to what it tells.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private const string Relay = "host-2a11bc.example.org [100.106.17.188]";

    private static readonly Dictionary<string, string> Lines = new()
    {
        ["unknown"] = "sm-mta[20703]: 6ANHntrU020703: <anna17@corp.example>... User unknown",
        ["check_rcpt"] = $"sm-mta[20703]: 6ANHntrU020703: ruleset=check_rcpt, arg1=<anna17@corp.example>, relay={Relay}, "
            + "reject=550 5.1.1 <anna17@corp.example>... User unknown",
        ["from="] = "sm-mta[20703]: 6ANHntrU020703: from=<uwe@example.net>, size=51459, class=0, nrcpts=1, "
            + $"msgid=<f9d0ef891d6e.20040@example.net>, proto=ESMTPS, daemon=MTA-v4, relay={Relay}",
        ["to="] = "sm-mta[20703]: 6ANHntrU020703: to=<anna@corp.example>, delay=00:00:04, xdelay=00:00:00, mailer=local, "
            + "pri=81459, dsn=2.0.0, stat=Sent",
        ["VRFY"] = $"sm-mta[20703]: 6ANHntrU020703: {Relay}: VRFY anna",
        ["connect"] = $"sm-mta[20703]: NOQUEUE: connect from {Relay}",
        ["STARTTLS="] =
            $"sm-mta[20703]: STARTTLS=server, relay={Relay}, version=TLSv1.3, verify=NO, cipher=TLS_AES_256_GCM_SHA384, bits=256/256",
        ["foreign"] =
            "dovecot: imap-login: Login: user=<anna>, method=PLAIN, rip=100.64.1.2, lip=192.0.2.1, mpid=74430, TLS, session=<74c57e59b08a>",
    };

    private readonly SyslogLineParser _parser = new(null, ["sm-mta", "sendmail"]);
    private byte[] _line = [];

    public static IEnumerable<string> Kinds => Lines.Keys;

    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        _line = Encoding.ASCII.GetBytes($"Nov 23 17:49:55 mail1 {Lines[Kind]}");
        // As in a log: the parser knows where most lines come from.
        _ = _parser.TryParse(Encoding.ASCII.GetBytes($"Nov 23 17:49:55 mail1 {Lines["to="]}"), out _);
    }

    [Benchmark]
    public int Parse()
    {
        if (!_parser.TryParse(_line, out var line))
            return -1;
        SendmailParser.Read(line, MailEventsWanted.Ends, new RefusalTexts([]), out var read);
        return (int)read.Kind;
    }
}
