using System.Diagnostics;

namespace BlockSmtp.Cli.Metrics;

/// <summary>What every program tells Prometheus of itself, under the names that all use.</summary>
internal static class ProcessMetrics
{
    public static void WriteBuild(PrometheusText text)
    {
        const string Name = "blocksmtp_build_info";
        var version = typeof(ProcessMetrics).Assembly.GetName().Version?.ToString(3) ?? "";
        text.Begin(Name, "The version that runs; always 1.", "gauge");
        text.Value(Name, PrometheusText.Label("version", version), 1);
    }

    public static void Write(PrometheusText text)
    {
        using var self = Process.GetCurrentProcess();
        Write(
            text,
            "process_cpu_seconds_total",
            "Processor time used, of the program and of the kernel for it.",
            "counter",
            Environment.CpuUsage.TotalTime.TotalSeconds);
        Write(text, "process_resident_memory_bytes", "Resident memory.", "gauge", Environment.WorkingSet);
        Write(
            text,
            "process_start_time_seconds",
            "When the process began, in seconds since 1970.",
            "gauge",
            new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0);
    }

    private static void Write(PrometheusText text, string name, string help, string type, double value)
    {
        text.Begin(name, help, type);
        text.Value(name, "", value);
    }
}
