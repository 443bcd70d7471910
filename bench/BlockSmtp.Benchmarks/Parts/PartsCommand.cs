using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BlockSmtp.Benchmarks.Reporting;
using Perfolizer.Horology;

namespace BlockSmtp.Benchmarks.Parts;

/// <summary>What <c>bench/parts</c> measures: one operation of each part, by BenchmarkDotNet, with what it allocates.</summary>
internal sealed class PartsCommand(Arguments arguments)
{
    public int Run()
    {
        // In this process: BenchmarkDotNet would write projects that this repository's own settings break.
        var job = Job.ShortRun.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(10), logOutput: false))
            .WithIterationTime(TimeInterval.FromMilliseconds(100)).WithIterationCount(arguments.Number("iterations", 9));
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job)
            .WithArtifactsPath(Path.Combine(arguments.Text("directory"), "parts"))
            .WithOptions(ConfigOptions.JoinSummary | ConfigOptions.DisableOptimizationsValidator);
        var summaries =
            BenchmarkSwitcher.FromAssembly(typeof(PartsCommand).Assembly).Run(["--filter", arguments.Text("filter", "*")], config);
        var report = new Report("bench/parts");
        var table = new Table("", "median ns", "error ns", "allocated bytes");
        var complete = true;
        var reports = summaries.SelectMany(summary => summary.Reports)
            .OrderBy(measured => measured.BenchmarkCase.Descriptor.Type.Name, StringComparer.Ordinal)
            .ThenBy(measured => measured.BenchmarkCase.Descriptor.WorkloadMethod.Name, StringComparer.Ordinal);
        foreach (var measured in reports)
        {
            complete &= measured.ResultStatistics is not null;
            if (measured.ResultStatistics is not { } figures)
                continue;
            var benchmark = measured.BenchmarkCase;
            var name = benchmark.Descriptor.Type.Name.Replace("Benchmarks", "", StringComparison.Ordinal);
            var parameters = string.Join(
                ", ", benchmark.Parameters.Items.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Name} {item.Value}")));
            table.Add(
                $"{name}.{benchmark.Descriptor.WorkloadMethod.Name}, {parameters}", Show(figures.Median), Show(figures.StandardError),
                Show(measured.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0, "0"));
        }

        report.Show(table);
        report.Line(Machine.Describe(arguments.Text("commit", "unknown")));
        report.Save(arguments.Text("report"));
        return complete ? 0 : 1;
    }

    private static string Show(double value, string format = "0.0") => value.ToString(format, CultureInfo.InvariantCulture);
}
