using System.Globalization;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Sharing;

/// <summary>
/// What it costs who is in no fleet that there could be one: size and processor time of the tool, beside binaries of before.
/// </summary>
/// <param name="programs">The tool, and where there is room for a log.</param>
/// <param name="others">The others; the last one is what all are compared with.</param>
internal sealed class AloneRace(Programs programs, IReadOnlyList<string> others)
{
    private const int Rounds = 15;
    private const long Lines = 2_000_000;

    public Table Run()
    {
        var log = programs.PathOf("alone.log");
        using (var output = File.Create(log, 1))
            new MailLog(new MailLogOptions { Lines = Lines }).Write(output);
        string[] binaries = [programs.Aot, .. others];
        var all =
            binaries.Select((binary, i) => new Contestant(i == 0 ? "this one" : NameOf(binary), binary, "replay", "--json", log)).ToArray();
        Contestant.Race(programs.Measure, programs.PathOf("output"), Rounds, all);
        File.Delete(log);
        var against = NameOf(binaries[^1]);
        var table = new Table(
            "without a fleet",
            "size",
            $"more than {against}",
            Text($"CPU of a replay of {Lines:N0} lines"),
            $"CPU / that of {against}, paired");
        foreach (var (binary, contestant) in binaries.Zip(all))
        {
            var more = SizeOf(binary) - SizeOf(binaries[^1]);
            table.Add(
                contestant.Name, Text($"{SizeOf(binary):N0} kB"), Text($"{more:N0} kB"), Text($"{contestant.Cpu:0.000} s"),
                Text($"{contestant.CpuRatio(all[^1]):0.000}"));
        }

        return table;
    }

    /// <summary>The folder that it is in, as folders of builds are named for their commit.</summary>
    private static string NameOf(string binary) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(binary)))!;

    private static double SizeOf(string binary) => new FileInfo(binary).Length / 1000.0;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
