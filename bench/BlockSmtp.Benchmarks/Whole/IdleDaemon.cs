using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Benchmarks.Latency;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Whole;

/// <summary>What the daemon costs while nothing is logged.</summary>
/// <param name="CpuPercent">Of one core.</param>
/// <param name="WakeUpsPerSecond">How often one of its threads was woken.</param>
/// <param name="Mebibytes">Resident memory.</param>
/// <param name="ProportionalMebibytes">The same, with what several processes share divided among them: what is missing
/// is other programs' too.</param>
/// <param name="DirtyMebibytes">What of it is the daemon's alone and in no file: the kernel cannot drop it when memory is short.</param>
internal sealed record IdleDaemon(
    double CpuPercent, double WakeUpsPerSecond, double Mebibytes, double ProportionalMebibytes, double DirtyMebibytes)
{
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    /// <summary>Starts the daemon, lets it settle, and watches it.</summary>
    /// <param name="log">The file that it follows.</param>
    /// <param name="time">For how long to watch.</param>
    /// <param name="command">The program, with what runs it in a network namespace of its own before, and its options.</param>
    public static async Task<IdleDaemon> WatchAsync(string log, TimeSpan time, params string[] command)
    {
        await File.WriteAllTextAsync(log, "");
        using var daemon = Daemon.Start(log, command);
        var process = daemon.ProcessId;
        await Task.Delay(SettlingTime);
        var (cpu, wakeUps, clock) = (CpuSeconds(process), WakeUps(process), Stopwatch.GetTimestamp());
        await Task.Delay(time);
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        return new IdleDaemon(
            (CpuSeconds(process) - cpu) / seconds * 100,
            (WakeUps(process) - wakeUps) / seconds,
            Resident(process),
            Number($"/proc/{process}/smaps_rollup", "Pss:") / 1024.0,
            Number($"/proc/{process}/smaps_rollup", "Private_Dirty") / 1024.0);
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
