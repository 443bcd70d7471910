using System.Globalization;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What <c>bench/run</c> measures: whole programs on whole logs.</summary>
internal sealed class WholeCommand(Arguments arguments)
{
    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/run");
    private readonly List<Budget> _budgets = [];
    // By the share of attack lines, in logs of sendmail's.
    private readonly Dictionary<double, double> _ratios = [];
    private bool _areRight = true;

    public async Task<int> RunAsync()
    {
        int[] sizes = arguments.Has("quick") ? [1] : [1, 10];
        foreach (var millions in sizes)
        {
            foreach (var attackShare in new[] { 0.02, 0.5 })
                await RaceAsync(millions, attackShare);
        }

        foreach (var mailer in new[] { Mailer.Postfix, Mailer.Exim })
        {
            foreach (var attackShare in new[] { 0.02, 0.5 })
                RaceOther(mailer, attackShare);
        }

        _areRight &= new Growth(_programs, _report, _budgets).Run(arguments.Has("quick"));
        if (!arguments.Has("quick"))
            ReplayPipe();
        StartUp();
        await IdleAsync();
        _report.Line("### Budgets\n");
        _report.Show(Table.Of(_budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return _areRight ? Budget.ExitCode(_budgets) : 1;
    }

    private async Task RaceAsync(int millions, double attackShare)
    {
        var race = new LogRace(_programs, millions, attackShare);
        var verdicts = race.Check();
        _areRight &= verdicts.AreRight;
        _report.Line($"### {race.Name}\n");
        _report.Line(Describe(race.Truth, verdicts));
        _report.Show(race.Run(millions == 1 ? 15 : 5));
        var peak = race.Aot.Peak;
        if (millions == 1)
            _ratios[attackShare] = race.Aot.CpuRatio(race.Grep);
        _budgets.Add(
            new($"{race.Name}: guessers missed or others blocked", verdicts.Missed + verdicts.Wrong + verdicts.Differences.Count, 0, "0"));
        _budgets.Add(new($"{race.Name}: CPU / grep's CPU, NativeAOT", race.Aot.CpuRatio(race.Grep), attackShare < 0.1 ? 1.0 : 2.0, "0.00"));
        _budgets.Add(new($"{race.Name}: peak memory, MiB", peak, millions == 1 ? 25 : null, "0.0"));
        if (millions == 1 && attackShare < 0.1)
        {
            _report.Line("The same log, compressed:\n");
            _report.Show(race.RunCompressed(5));
            _budgets.Add(new("allocated for a line that does not matter, bytes", await Allocations.PerLineAsync(race.Path), 0, "0.00"));
        }

        if (millions == 1 && arguments.Has("with-peers"))
            new Peers(_programs, race).Run(_report);
        File.Delete(race.Path);
    }

    /// <summary>The log of another mail server may take half as much again as sendmail's, against grep.</summary>
    private void RaceOther(Mailer mailer, double attackShare)
    {
        var race = new LogRace(_programs, 1, attackShare, mailer);
        var verdicts = race.Check();
        _areRight &= verdicts.AreRight;
        _report.Line($"### {race.Name}\n");
        _report.Line(Describe(race.Truth, verdicts));
        _report.Show(race.Run(15));
        _budgets.Add(
            new($"{race.Name}: guessers missed or others blocked", verdicts.Missed + verdicts.Wrong + verdicts.Differences.Count, 0, "0"));
        _budgets.Add(new($"{race.Name}: CPU / grep's CPU, NativeAOT", race.Aot.CpuRatio(race.Grep), 1.5 * _ratios[attackShare], "0.00"));
        _budgets.Add(new($"{race.Name}: peak memory, MiB", race.Aot.Peak, 25, "0.0"));
        File.Delete(race.Path);
    }

    private void ReplayPipe()
    {
        const string Name = "10 GB through standard input";
        var (truth, verdicts, run) = PipedReplay.Measure(_programs);
        _areRight &= verdicts.AreRight;
        _report.Line($"### {Name}\n");
        _report.Line(Describe(truth, verdicts));
        var table = new Table("", "CPU s", "wall s, with making the log", "peak MiB");
        table.Add("blocksmtp replay -, NativeAOT", Show(run.CpuSeconds), Show(run.WallSeconds), Show(run.PeakMebibytes));
        _report.Show(table);
        _budgets.Add(
            new($"{Name}: guessers missed or others blocked", verdicts.Missed + verdicts.Wrong + verdicts.Differences.Count, 0, "0"));
        _budgets.Add(new($"{Name}: peak memory, MiB", run.PeakMebibytes, 32, "0.0"));
    }

    private static string Describe(Truth truth, Verdicts verdicts) => string.Create(CultureInfo.InvariantCulture,
        $"{truth.Bytes / 1e6:0} MB, {truth.Offenses} offenses of {truth.Hosts.Count} hosts; blocked {verdicts.Blocked}: "
            + $"missed {verdicts.Missed}, wrong "
            + $"{verdicts.Wrong}{string.Concat(verdicts.Differences.Select(difference => $"; {difference}"))}.\n");

    private void StartUp()
    {
        var aot = new Contestant("blocksmtp --version, NativeAOT", _programs.Aot, "--version");
        var jit = new Contestant("blocksmtp --version, JIT", _programs.Jit, "--version");
        Contestant.Race(_programs.Measure, _programs.PathOf("output"), 15, aot, jit);
        var table = new Table("", "wall ms", "CPU ms", "peak MiB");
        foreach (var one in new[] { aot, jit })
            table.Add(one.Name, Show(one.Wall * 1000), Show(one.Cpu * 1000), Show(one.Peak));
        _report.Line("### Start-up\n");
        _report.Show(table);
    }

    private async Task IdleAsync()
    {
        _report.Line("### Idle daemon (NativeAOT, nftables, 10 s)\n");
        if (!arguments.Has("namespace"))
        {
            _report.Line("Left out: it needs root.\n");
            return;
        }

        string[] inside = ["ip", "netns", "exec", arguments.Text("namespace")];
        var idle = await IdleDaemon.WatchAsync(
            _programs.PathOf("idle.log"), TimeSpan.FromSeconds(10),
            [
                .. inside,
                _programs.Aot,
                $"--config={arguments.Text("config")}",
                "--firewall=nftables",
                $"--white-list={arguments.Text("white-list")}"]);
        var table = new Table("CPU %", "wake-ups/s", "resident MiB", "proportional MiB", "private and dirty MiB");
        table.Add(
            idle.CpuPercent.ToString("0.0000", CultureInfo.InvariantCulture), Show(idle.WakeUpsPerSecond), Show(idle.Mebibytes),
            Show(idle.ProportionalMebibytes), Show(idle.DirtyMebibytes));
        _report.Show(table);
        _budgets.Add(new("idle daemon: CPU, % of a core", idle.CpuPercent, 0, "0.0"));
        _budgets.Add(new("idle daemon: resident memory, MiB", idle.Mebibytes, 20, "0.0"));
    }

    private static string Show(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
