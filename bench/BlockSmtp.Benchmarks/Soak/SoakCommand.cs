using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Benchmarks.Latency;
using BlockSmtp.Benchmarks.Logs;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;
using BlockSmtp.Control;

namespace BlockSmtp.Benchmarks.Soak;

/// <summary>
/// A month of a busy server's log, played to the daemon in a fraction of it: what it holds is to be the same at
/// the end as after the first days.
/// </summary>
internal sealed class SoakCommand(Arguments arguments)
{
    private const int Days = 30;
    private static readonly TimeSpan BlockTime = TimeSpan.FromHours(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Programs _programs = Programs.From(arguments);
    private readonly TimeSpan _time = TimeSpan.FromMinutes(arguments.Number("minutes", 60.0));
    private readonly long _lines = arguments.Number("lines-a-day", 1_000_000L) * Days;
    private readonly List<Sample> _samples = [];
    private readonly Report _report = new("bench/soak");

    private double Haste => Days / _time.TotalDays;

    public async Task<int> RunAsync()
    {
        var path = _programs.PathOf("soak.log");
        await File.WriteAllTextAsync(path, "");
        // Blocks that last longer each time, and a history of 90 days, would be more to hold at the end than in the beginning.
        using var daemon = Daemon.Start(path, [
            _programs.Aot, "--firewall=nftables", "--mailer-ip=192.0.2.25", "--policy=balance", "--history-days=0", "--block-time-factor=1",
            $"--block-time={Shortened(BlockTime)}", $"--offense-window={Shortened(TimeSpan.FromDays(1))}",
        ]);
        _report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"### {Days} days of {_lines / Days:N0} lines in {_time.TotalMinutes:0.#} minutes (times {Haste:N0})\n"));
        var start = Stopwatch.GetTimestamp();
        var log = new MailLog(new MailLogOptions { Lines = _lines, AttackShare = 0.2, Start = DateTime.Now, Span = _time });
        long written;
        await using (var paced = new PacedLog(path, _lines, _time, Days, (_, lines) => EndDay(daemon, lines).GetAwaiter().GetResult()))
        {
            written = log.Write(paced).Lines;
            await EndDay(daemon, written);
        }

        var took = Stopwatch.GetElapsedTime(start);
        var status = await StatusAsync(daemon);
        var left = await LeftAsync(daemon);
        return Tell(status.Engine.Counters, written, left, daemon.CpuSeconds / took.TotalSeconds) ? 0 : 1;
    }

    /// <summary>A duration that is to the run what it would be to the month.</summary>
    private string Shortened(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round((time / Haste).TotalSeconds)):0}s");

    /// <summary>
    /// Waits until the day is read, looks at the daemon, and has it read its configuration again, as logrotate's hooks do with others.
    /// </summary>
    private async Task EndDay(Daemon daemon, long lines)
    {
        var status = await UntilAsync(daemon, status => status.Engine.Counters.Lines >= lines);
        _samples.Add(await Sample.TakeAsync(daemon, status.Engine.Blocks));
        await using var client = await ControlClient.ConnectAsync(daemon.ControlSocket);
        await client.ReloadAsync();
        var last = _samples[^1];
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"day {_samples.Count}: {last.Mebibytes:0.0} MiB, {last.Descriptors} descriptors, {last.Threads} threads, "
                + $"store {last.StoreMebibytes:0.00} MiB, {last.Blocked} blocked, {last.Elements} in the kernel"));
    }

    /// <summary>How many blocks are left, here and in the kernel, once they must have ended.</summary>
    private async Task<int> LeftAsync(Daemon daemon)
    {
        await UntilAsync(daemon, status => status.Engine.Blocks == 0, (BlockTime / Haste) + Patience, throws: false);
        var sample = await Sample.TakeAsync(daemon, (await StatusAsync(daemon)).Engine.Blocks);
        return sample.Blocked + sample.Elements;
    }

    private bool Tell(EngineCounters counters, long written, int left, double load)
    {
        var table = new Table("day", "resident MiB", "descriptors", "threads", "store MiB", "blocked", "in the kernel");
        for (var day = 0; day < _samples.Count; day++)
        {
            var sample = _samples[day];
            table.Add(
                Show(day + 1, "0"), Show(sample.Mebibytes), Show(sample.Descriptors, "0"), Show(sample.Threads, "0"),
                Show(sample.StoreMebibytes), Show(sample.Blocked, "0"), Show(sample.Elements, "0"));
        }

        _report.Show(table);
        _report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{written:N0} lines written, {counters.Lines:N0} read; {counters.Offenses:N0} wrong guesses, {counters.Blocks:N0} blocks, "
                + $"{counters.Releases:N0} releases; {load:P0} of a core.\n"));
        Trend[] trends =
        [
            Of("resident memory, MiB", sample => sample.Mebibytes), Of("descriptors", sample => sample.Descriptors),
            Of("threads", sample => sample.Threads), Of("store, MiB", sample => sample.StoreMebibytes),
        ];
        var slopes = new Table("", "most of the first tenth", "most of all", "at the end", "slope a day after the first tenth");
        foreach (var trend in trends)
            slopes.Add(trend.Row(Show));
        _report.Show(slopes);

        // The collector and SQLite take memory and files in pieces, and the runtime threads as the work comes.
        Budget[] budgets =
        [
            trends[0].Growth(2, share: 0.1), trends[1].Growth(0), trends[2].Growth(2), trends[3].Growth(1, share: 0.1),
            new("lines that were not read", Math.Abs(written - counters.Lines), 0, "0"),
            new("blocks left when all were to have ended", left, 0, "0"),
        ];
        _report.Line("### Budgets\n");
        _report.Show(Table.Of(budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return budgets.All(budget => budget.IsMet);
    }

    private Trend Of(string name, Func<Sample, double> value) => new(name, [.. _samples.Select(value)]);

    private static async Task<DaemonStatus> StatusAsync(Daemon daemon)
    {
        await using var client = await ControlClient.ConnectAsync(daemon.ControlSocket);
        return await client.GetStatusAsync();
    }

    private static async Task<DaemonStatus> UntilAsync(
        Daemon daemon, Func<DaemonStatus, bool> condition, TimeSpan? patience = null, bool throws = true)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            var status = await StatusAsync(daemon);
            if (condition(status))
                return status;
            if (Stopwatch.GetElapsedTime(start) < (patience ?? Patience))
                continue;
            return throws
                ? throw new TimeoutException($"the daemon has read {status.Engine.Counters.Lines:N0} lines and no more: {daemon.Said}")
                : status;
        }
    }

    private static string Show(double value, string format = "0.0") => value.ToString(format, CultureInfo.InvariantCulture);
}
