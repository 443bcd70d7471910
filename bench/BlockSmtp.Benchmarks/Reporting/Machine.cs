using System.Globalization;

namespace BlockSmtp.Benchmarks.Reporting;

/// <summary>Where figures were measured.</summary>
internal static class Machine
{
    public static string Describe(string commit)
    {
        var model = Field("/proc/cpuinfo", "model name");
        var memory = long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0 / 1024.0;
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, commit {commit}: {Environment.ProcessorCount} cores of {model}, {memory:0} GiB, "
                + $"Linux {kernel}, load {load} at the end, .NET {Environment.Version}.");
    }

    /// <summary>A value from one of the files of <c>/proc</c> with a <c>name: value</c> a line.</summary>
    public static string Field(string path, string name) =>
        File.ReadLines(path).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
