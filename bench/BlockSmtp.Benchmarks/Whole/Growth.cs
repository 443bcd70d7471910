using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What a replay takes as the hosts that guess become more, beside what reading the log takes at least.</summary>
internal sealed class Growth(Programs programs, Report report, List<Budget> budgets)
{
    private const int Millions = 1;

    // With fewer lines most of so many hosts would not come up at all.
    private const int MillionsOfMany = 10;
    private const int Many = 200_000;

    private readonly Table _table = new(
        "", "guessing hosts", "blocked", "wc -l s", "cat s", "grep s", "a look each s", "least s", "least / grep", "blocksmtp s",
        "CPU / grep", "with balance", "peak MiB");

    /// <summary>Measures all rows.</summary>
    /// <param name="isQuick">Whether to leave out those of 10 M lines.</param>
    /// <returns>Whether all verdicts were right.</returns>
    public bool Run(bool isQuick)
    {
        var areRight = true;
        foreach (var (attackShare, attackers, mostCpu, mostMemory) in new (double, int, double?, double?)[]
        {
            (0.02, 2_000, 0.6, null), (0.02, 20_000, null, null), (0.02, Many, null, null),
            (0.5, 2_000, 1.2, null), (0.5, 20_000, 1.8, 22), (0.5, Many, 2.5, null),
        })
        {
            if (attackers < Many || !isQuick)
                areRight &= Measure(attackShare, attackers, mostCpu, mostMemory);
        }

        report.Line("### With more and more hosts\n");
        report.Show(_table);
        return areRight;
    }

    private bool Measure(double attackShare, int attackers, double? mostCpu, double? mostMemory)
    {
        var millions = attackers < Many ? Millions : MillionsOfMany;
        var race = new LogRace(programs, millions, attackShare, attackers: attackers);
        var verdicts = race.Check();
        var cat = new Contestant("cat", "sh", "-c", "exec cat \"$0\" >/dev/null", race.Path);
        var least = new Contestant("least", programs.Least, race.Path);
        var balance = new Contestant("balance", programs.Aot, "replay", "--json", race.Path);
        Contestant.Race(
            programs.Measure, programs.PathOf("output"), millions == Millions ? 7 : 3, race.Scan, cat, race.Grep, least, race.Aot, balance);
        var isLeastRight = BlockedByLeast(race.Path) == verdicts.Blocked;
        if (!isLeastRight)
            report.Line($"least, of {race.Name}, blocks other hosts.\n");
        File.Delete(race.Path);
        var look = race.Truth.Offenses * MemoryLook.Seconds(race.Truth.Hosts.Count);
        _table.Add(
            race.Name, Show(race.Truth.Hosts.Count, "0"), Show(verdicts.Blocked, "0"), Show(race.Scan.Cpu), Show(cat.Cpu),
            Show(race.Grep.Cpu), Show(look), Show(least.Cpu), Show(least.CpuRatio(race.Grep), "0.00"), Show(race.Aot.Cpu),
            Show(race.Aot.CpuRatio(race.Grep), "0.00"), Show(balance.CpuRatio(race.Grep), "0.00"), Show(race.Aot.Peak, "0.0"));
        budgets.Add(
            new($"{race.Name}: guessers missed or others blocked", verdicts.Missed + verdicts.Wrong + verdicts.Differences.Count, 0, "0"));
        budgets.Add(new($"{race.Name}: CPU / grep's CPU, --json into a file", race.Aot.CpuRatio(race.Grep), mostCpu, "0.00"));
        budgets.Add(new($"{race.Name}: peak memory, MiB", race.Aot.Peak, mostMemory, "0.0"));
        return verdicts.AreRight && isLeastRight;
    }

    private int BlockedByLeast(string log)
    {
        using var process = Process.Start(new ProcessStartInfo(programs.Least, [log]) { RedirectStandardOutput = true })!;
        var told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return int.Parse(told, CultureInfo.InvariantCulture);
    }

    private static string Show(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}
