using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What the daemon costs while nothing is logged.</summary>
/// <param name="CpuPercent">Of one core.</param>
/// <param name="WakeUpsPerSecond">How often one of its threads was woken.</param>
/// <param name="Mebibytes">Resident memory.</param>
internal sealed record IdleDaemon(double CpuPercent, double WakeUpsPerSecond, double Mebibytes)
{
    public static async Task<IdleDaemon> WatchAsync(string program, string log, TimeSpan time)
    {
        await File.WriteAllTextAsync(log, "");
        using var daemon = Process.Start(new ProcessStartInfo(program, ["--dry-run", $"--syslog-msgs-file={log}", "--mailer-ip=192.0.2.25"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            if (daemon.HasExited)
                throw new InvalidOperationException($"the daemon does not run: {await daemon.StandardError.ReadToEndAsync()}");
            var (cpu, wakeUps, clock) = (CpuSeconds(daemon.Id), WakeUps(daemon.Id), Stopwatch.GetTimestamp());
            await Task.Delay(time);
            var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
            return new IdleDaemon(
                (CpuSeconds(daemon.Id) - cpu) / seconds * 100,
                (WakeUps(daemon.Id) - wakeUps) / seconds,
                Resident(daemon.Id));
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync();
        }
    }

    /// <summary>Resident memory in MiB.</summary>
    public static double Resident(int process) => Number($"/proc/{process}/status", "VmRSS") / 1024.0;

    // utime and stime count in hundredths of a second; schedstat in nanoseconds (kernel, Documentation/scheduler/sched-stats.rst).
    private static double CpuSeconds(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .Sum(task => long.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)) / 1e9;

    private static double WakeUps(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .Sum(task => Number($"{task}/status", "voluntary_ctxt_switches"));

    private static long Number(string path, string name) =>
        long.Parse(Machine.Field(path, name).Split(' ')[0], CultureInfo.InvariantCulture);
}
