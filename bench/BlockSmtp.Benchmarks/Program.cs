using BlockSmtp.Benchmarks;
using BlockSmtp.Benchmarks.Latency;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Benchmarks.Milter;
using BlockSmtp.Benchmarks.Parts;
using BlockSmtp.Benchmarks.Sharing;
using BlockSmtp.Benchmarks.Soak;
using BlockSmtp.Benchmarks.Whole;

// bench/run and bench/latency call this with everything prepared; bench/README.md tells how to call it by hand.
return args switch
{
    ["parts", .. var rest] => new PartsCommand(new Arguments(rest)).Run(),
    ["generate", .. var rest] => Generate(new Arguments(rest)),
    ["whole", .. var rest] => await new WholeCommand(new Arguments(rest)).RunAsync(),
    ["latency", .. var rest] => await new LatencyCommand(new Arguments(rest)).RunAsync(),
    ["live", .. var rest] => new LiveCommand(new Arguments(rest)).Run(),
    ["fleet", .. var rest] => await new FleetCommand(new Arguments(rest)).RunAsync(),
    ["leaks", .. var rest] => new LeakCommand(new Arguments(rest)).Run(),
    ["journal", .. var rest] => new JournalCommand(new Arguments(rest)).Run(),
    ["gate", .. var rest] => new GateCommand(new Arguments(rest)).Run(),
    ["milter", .. var rest] => new MilterCommand(new Arguments(rest)).Run(),
    ["other-leaks", .. var rest] => new OtherLeaksCommand(new Arguments(rest)).Run(),
    ["soak", .. var rest] => await new SoakCommand(new Arguments(rest)).RunAsync(),
    _ => Usage(),
};

static int Generate(Arguments arguments)
{
    var log = new MailLog(new MailLogOptions
    {
        Lines = arguments.Number("lines", 1_000_000L),
        AttackShare = arguments.Number("attack-share", 0.02),
        Attackers = arguments.Number("attackers", 2000),
        LegitHosts = arguments.Number("legit-hosts", 5000),
        Seed = arguments.Number("seed", 1UL),
        Mailer = Enum.Parse<BlockSmtp.Mailer>(arguments.Text("mailer", "sendmail"), ignoreCase: true),
    });
    using var output = File.Create(arguments.Text("out"), 1);
    var truth = log.Write(output);
    if (arguments.Has("truth"))
        truth.Save(arguments.Text("truth"));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        "usage: parts|generate|whole|latency|live|leaks|other-leaks|journal|gate|milter|fleet|soak [--name=value…]: see bench/README.md");
    return 64;
}
