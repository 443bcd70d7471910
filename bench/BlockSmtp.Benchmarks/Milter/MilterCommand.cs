using System.Diagnostics;
using System.Globalization;
using System.Net;
using BlockSmtp.Benchmarks.Latency;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Milter;

/// <summary>What the gate costs: memory of idle sessions, processor time of a recipient, and what a recipient waits for it.</summary>
internal sealed class MilterCommand(Arguments arguments)
{
    private const int Idle = 1_000, Rounds = 5, AtATime = 8, RecipientsEach = 25_000, Messages = 40;

    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(1);

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/milter");

    public int Run()
    {
        var budgets = new List<Budget>();
        Alone(budgets);
        if (arguments.Has("lab"))
            WithSendmail(budgets);
        _report.Show(Table.Of(budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return Budget.ExitCode(budgets);
    }

    private void Alone(List<Budget> budgets)
    {
        var log = _programs.PathOf("milter.log");
        File.WriteAllText(log, "");
        var path = _programs.PathOf("milter.sock");
        using var daemon = Daemon.Start(log, _programs.Aot, "--firewall=none", $"--milter=unix:{path}", "--mailer-ip=192.0.2.25");
        using (var first = new MilterCalls(path, HostOf(0)))
            first.Recipients(100);
        Thread.Sleep(SettlingTime);
        var before = daemon.ResidentMebibytes;
        var idle = Enumerable.Range(0, Idle).Select(i => new MilterCalls(path, HostOf(i))).ToArray();
        Thread.Sleep(SettlingTime);
        var after = daemon.ResidentMebibytes;
        _report.Line("### Idle sessions, each with a message begun\n");
        var table = new Table("sessions", "daemon MiB before", "after", "KiB a session");
        table.Add(Show(Idle), Show(before, "0.0"), Show(after, "0.0"), Show((after - before) * 1024 / Idle, "0.0"));
        _report.Show(table);
        budgets.Add(new("1,000 idle sessions, MiB more", after - before, 10, "0.0"));
        foreach (var session in idle)
            session.Dispose();
        Throughput(daemon, path, budgets);
    }

    private void Throughput(Daemon daemon, string path, List<Budget> budgets)
    {
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"### Accepted recipients, {AtATime} sessions at once\n"));
        var table = new Table("recipients", "wall s", "daemon CPU s", "recipients a second of its CPU");
        var rates = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var sessions = Enumerable.Range(0, AtATime).Select(i => new MilterCalls(path, HostOf(i))).ToArray();
            var (cpu, start) = (daemon.CpuSeconds, Stopwatch.GetTimestamp());
            Parallel.ForEach(
                sessions, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, session => session.Recipients(RecipientsEach));
            var (used, wall) = (daemon.CpuSeconds - cpu, Stopwatch.GetElapsedTime(start).TotalSeconds);
            rates[round] = AtATime * RecipientsEach / used;
            table.Add(Show(AtATime * RecipientsEach), Show(wall, "0.00"), Show(used, "0.00"), Show(rates[round]));
            foreach (var session in sessions)
                session.Dispose();
        }

        _report.Show(table);
        // A budget is a most, so it is the time of one.
        budgets.Add(new("processor time of a recipient, us (100 is 10,000 a second on one core)", 1e6 / rates.Median(), 100, "0.0"));
    }

    private void WithSendmail(List<Budget> budgets)
    {
        using var without = new SendmailLab(arguments.Text("lab"), arguments.Text("lab-name") + "-a", "throttle=0");
        using var with = new SendmailLab(
            arguments.Text("lab"), arguments.Text("lab-name") + "-b", "throttle=0", "milter=unix:/run/blocksmtp/milter.sock");
        using var daemon = Daemon.Start(
            with.Log, with.Inside(
                _programs.Aot,
                "--firewall=none",
                $"--mailer-ip={SendmailLab.Server}",
                $"--milter=unix:{with.State}/run/blocksmtp/milter.sock"));
        var rounds = Enumerable.Range(0, Rounds).Select(_ => RecipientTimes.Measure(without, with, Messages)).ToArray();
        _report.Line("### What sendmail takes for a recipient that it accepts, us, median; the two asked in turn\n");
        var table = new Table("without a milter", "with the gate", "added");
        foreach (var times in rounds)
            table.Add(Show(times.Without, "0.0"), Show(times.With, "0.0"), Show(times.Added, "0.0"));
        _report.Show(table);
        budgets.Add(
            new("added time of an accepted recipient, median, ms", rounds.Select(times => times.Added).Median() / 1000, 0.1, "0.000"));
    }

    private static IPAddress HostOf(int number) => new([198, 18, (byte)(number >> 8), (byte)number]);

    private static string Show(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);
}
