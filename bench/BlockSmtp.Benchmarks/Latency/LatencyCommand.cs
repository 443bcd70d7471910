using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>What <c>bench/latency</c> measures: how soon a guesser is blocked, and what blocks cost.</summary>
internal sealed class LatencyCommand(Arguments arguments)
{
    private const int Hosts = 500;
    private const int GuessesPerSecond = 20_000;

    // The first fills what is kept for lines; a further one adds its hosts.
    private const int Floods = 6;
    private const int Blocks = 50_000;

    // What two medians of the same differ by on a machine that others use too.
    private const double Noise = 1.1;

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/latency");
    private readonly List<Budget> _budgets = [];

    public async Task<int> RunAsync()
    {
        var missing = 0;
        foreach (var backend in Backend.All)
        {
            missing += React(backend);
            await FillAsync(backend);
        }

        _report.Line("### Budgets\n");
        _report.Show(Table.Of(_budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return missing == 0 ? Budget.ExitCode(_budgets) : 1;
    }

    private int React(Backend backend)
    {
        var spaced = Reaction.Spaced(_programs, backend, Hosts, TimeSpan.FromMilliseconds(30));
        var floods = Reaction.Floods(
            _programs, backend, Floods, Hosts, GuessesPerSecond, TimeSpan.FromSeconds(arguments.Number("flood-seconds", 5)));
        var table = new Table(
            "ms", "blocks", "median", "p90", "p99", "max", "last", "missing", "daemon MiB before", "after", "daemon CPU s");
        Add($"{Hosts} hosts, 30 ms apart", spaced);
        for (var i = 0; i < Floods; i++)
            Add(i == 0 ? $"{Hosts} hosts, {GuessesPerSecond} guesses/s" : $"then {Hosts} others, as fast", floods[i]);
        var missing = spaced.Missing + floods.Sum(flood => flood.Missing);
        _report.Line($"### {backend.Name}: from the line being written to the rule in the kernel, without a live session\n");
        _report.Show(table);
        _budgets.Add(new(
            $"{backend.Name}, without a live session: line written -> rule in the kernel, median, ms",
            spaced.Seen.Median(),
            backend.MedianMilliseconds,
            "0.00"));
        _budgets.Add(new(
            $"{backend.Name}, without a live session: line written -> rule in the kernel, p99, ms",
            spaced.Seen.Percentile(99),
            backend.P99Milliseconds,
            "0.00"));
        _budgets.Add(new($"{backend.Name}: flood, last block, ms", floods.Max(flood => flood.Milliseconds[^1]), 1000, "0.0"));
        _budgets.Add(new($"{backend.Name}: flood, blocks that did not come", missing, 0, "0"));
        // Of several, for between two of them the garbage may come to more than what is kept.
        _budgets.Add(new(
            $"{backend.Name}: flood: memory that a further flood adds, mean of {Floods - 1}, MiB",
            (floods[^1].MebibytesAfter - floods[0].MebibytesAfter) / (Floods - 1),
            2,
            "0.0"));
        return missing;

        void Add(string name, Reaction reaction) => table.Add(
            name, Show(reaction.Milliseconds.Length, "0"), Show(reaction.Seen.Median()), Show(reaction.Seen.Percentile(90)),
            Show(reaction.Seen.Percentile(99)), Show(reaction.Seen.Max()), Show(reaction.Milliseconds[^1]), Show(reaction.Missing, "0"),
            Show(reaction.MebibytesBefore, "0.0"), Show(reaction.MebibytesAfter, "0.0"), Show(reaction.DaemonCpuSeconds));
    }

    private async Task FillAsync(Backend backend)
    {
        var many = await ManyBlocks.MeasureAsync(backend, Blocks);
        var table = new Table("", "restore s", "round trip us, none blocked", "round trip us, all blocked");
        table.Add(
            $"{Blocks} blocks",
            Show(many.RestoreSeconds),
            Show(many.RoundTripMicroseconds, "0.0"),
            Show(many.RoundTripBlockedMicroseconds, "0.0"));
        _report.Line($"### {backend.Name}: many blocks\n");
        _report.Show(table);
        await CallAsync(backend);
        _budgets.Add(
            new($"{backend.Name}: {Blocks} blocks in force at the start, s", many.RestoreSeconds, backend.Scales ? 1 : null, "0.00"));
        _budgets.Add(new(
            $"{backend.Name}: innocent packet with {Blocks} blocks / with none",
            many.RoundTripBlockedMicroseconds / many.RoundTripMicroseconds, backend.Scales ? Noise : null, "0.0"));
    }

    private async Task CallAsync(Backend backend)
    {
        var table = new Table("ms, with so many in force", "restore all", "add one", "add a hundred", "remove one", "list");
        foreach (var count in new[] { 1_000, 10_000, Blocks })
        {
            var calls = await FirewallCalls.MeasureAsync(backend, count);
            table.Add(
                Show(count, "0"), Show(calls.Restore, "0.0"), Show(calls.AddOne), Show(calls.AddHundred), Show(calls.RemoveOne),
                Show(calls.List, "0.0"));
        }

        _report.Line($"### {backend.Name}: one call\n");
        _report.Show(table);
    }

    private static string Show(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
