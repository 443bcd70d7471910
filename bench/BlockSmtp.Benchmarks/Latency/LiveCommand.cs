using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>How soon each firewall blocks a host that guesses in a session with a real sendmail.</summary>
internal sealed class LiveCommand(Arguments arguments)
{
    private const int Hosts = 100;

    private readonly Programs _programs = Programs.From(arguments);
    private readonly Report _report = new("bench/latency, live sessions");
    private readonly List<Budget> _budgets = [];

    public int Run()
    {
        var table = new Table("ms", "hosts", "median", "p90", "p99", "max", "missing");
        var missing = Backend.All.Sum(backend => React(backend, table, hasHelper: false));
        missing += React(Backend.All.Single(backend => backend.Name == "nftables"), table, hasHelper: true);
        _report.Line("### Live: from the 4th wrong guess being written to the rule in the kernel\n");
        _report.Show(table);
        _report.Show(Table.Of(_budgets));
        _report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        _report.Save(arguments.Text("report"));
        return missing == 0 ? Budget.ExitCode(_budgets) : 1;
    }

    private int React(Backend backend, Table table, bool hasHelper)
    {
        var shown = hasHelper ? $"{backend.Name}, with the helper" : backend.Name;
        // One for each: the hosts are the same.
        using var lab = new SendmailLab(arguments.Text("lab"), arguments.Text("lab-name"));
        var figures = LiveReaction.Measure(_programs, backend, lab, Hosts, hasHelper);
        var (seen, missing) = (figures.Where(double.IsFinite).ToArray(), figures.Count(double.IsNaN));
        table.Add(
            shown, Show(figures.Length, "0"), Show(seen.Median()), Show(seen.Percentile(90)), Show(seen.Percentile(99)),
            Show(seen.DefaultIfEmpty(double.NaN).Max()), Show(missing, "0"));
        var name = $"{shown}, live: 4th wrong guess written -> rule in the kernel";
        _budgets.Add(new($"{name}, median, ms", seen.Median(), backend.MedianMilliseconds, "0.00"));
        _budgets.Add(new($"{name}, p99, ms", seen.Percentile(99), backend.P99Milliseconds, "0.00"));
        return missing;
    }

    private static string Show(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
