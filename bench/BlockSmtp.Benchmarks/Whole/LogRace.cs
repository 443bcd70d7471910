using System.Globalization;
using System.IO.Compression;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>One log: made, replayed, checked against its truth, and raced through.</summary>
internal sealed class LogRace
{
    private readonly Programs _programs;
    private readonly string _path;

    public LogRace(Programs programs, int millions, double attackShare, Mailer mailer = Mailer.Sendmail, int? attackers = null)
    {
        _programs = programs;
        var options = new MailLogOptions { Lines = millions * 1_000_000L, AttackShare = attackShare, Mailer = mailer };
        if (attackers is { } many)
            options = options with { Attackers = many };
        var whose = mailer == Mailer.Sendmail ? "" : $" of {mailer}";
        var ofHosts = attackers is null ? "" : $" of {options.Attackers} hosts";
        Name = string.Create(CultureInfo.InvariantCulture, $"{millions} M lines{whose}, {attackShare * 100:0} % attack lines{ofHosts}");
        Millions = millions;
        AttackShare = attackShare;
        _path = programs.PathOf(string.Create(CultureInfo.InvariantCulture, $"{mailer}-{millions}-{attackShare}-{options.Attackers}.log"));
        using (var output = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read, 1))
            Truth = new MailLog(options).Write(output);
        Scan = new Contestant("wc -l", "wc", "-l", _path);
        var words = mailer == Mailer.Exim ? "Unrouteable address" : "User unknown";
        Grep = new Contestant($"LC_ALL=C grep -c '{words}'", "grep", "-c", words, _path);
        Aot = new Contestant("blocksmtp replay, NativeAOT", programs.Aot, "replay", "--json", "--policy=count", _path);
        Jit = new Contestant("blocksmtp replay, JIT", programs.Jit, "replay", "--json", "--policy=count", _path);
    }

    public string Name { get; }

    public int Millions { get; }

    public double AttackShare { get; }

    public string Path => _path;

    public Truth Truth { get; }

    public Contestant Scan { get; }

    public Contestant Grep { get; }

    public Contestant Aot { get; }

    public Contestant Jit { get; }

    /// <summary>Replays the log with both builds and compares what they said with the truth.</summary>
    public Verdicts Check()
    {
        var output = _programs.PathOf("verdicts.json");
        Measured.Run(_programs.Measure, output, _programs.Jit, "replay", "--json", "--policy=count", _path);
        var jit = Verdicts.Compare(Truth, output);
        Measured.Run(_programs.Measure, output, _programs.Aot, "replay", "--json", "--policy=count", _path);
        var aot = Verdicts.Compare(Truth, output);
        return aot.AreRight ? jit : aot;
    }

    public Table Run(int rounds)
    {
        Contestant.Race(_programs.Measure, _programs.PathOf("output"), rounds, Scan, Grep, Aot, Jit);
        return Compare(Truth.Lines, Grep, Scan, Grep, Aot, Jit);
    }

    /// <summary>The same log, compressed.</summary>
    public Table RunCompressed(int rounds)
    {
        var path = _path + ".gz";
        using (var input = File.OpenRead(_path))
        using (var output = new GZipStream(File.Create(path), CompressionLevel.Optimal))
            input.CopyTo(output);
        var gzip = new Contestant("gzip -dc", "gzip", "-dc", path);
        var aot = new Contestant("blocksmtp replay, NativeAOT", _programs.Aot, "replay", "--json", "--policy=count", path);
        Contestant.Race(_programs.Measure, _programs.PathOf("output"), rounds, gzip, aot);
        File.Delete(path);
        return Compare(Truth.Lines, gzip, gzip, aot);
    }

    public static Table Compare(long lines, Contestant yardstick, params Contestant[] all)
    {
        var table = new Table(
            "",
            "CPU s",
            "wall s",
            "M lines/s",
            "peak MiB",
            $"CPU / {yardstick.Name.Split(' ').First(word => !word.Contains('=', StringComparison.Ordinal))}");
        foreach (var one in all)
        {
            table.Add(
                one.Name, Show(one.Cpu, "0.000"), Show(one.Wall, "0.000"), Show(lines / one.Wall / 1e6, "0.00"),
                Show(one.Peak, "0.0"), Show(one.CpuRatio(yardstick), "0.00"));
        }

        return table;
    }

    private static string Show(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
