using System.Globalization;
using BlockSmtp.Benchmarks.Latency;
using BlockSmtp.Benchmarks.Reporting;

namespace BlockSmtp.Benchmarks.Soak;

/// <summary>What the daemon holds at the end of a day.</summary>
/// <param name="Mebibytes">Resident memory.</param>
/// <param name="Descriptors">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="StoreMebibytes">All files of its state.</param>
/// <param name="Blocked">Whom it blocks.</param>
/// <param name="Elements">Of these the rules that the kernel has.</param>
internal sealed record Sample(double Mebibytes, int Descriptors, int Threads, double StoreMebibytes, int Blocked, int Elements)
{
    public static async Task<Sample> TakeAsync(Daemon daemon, int blocked)
    {
        var elements = await Backend.All.Single(backend => backend.Name == "nftables").Make().ListAsync(default);
        return new(
            daemon.ResidentMebibytes,
            Directory.GetFileSystemEntries($"/proc/{daemon.ProcessId}/fd").Length,
            int.Parse(Machine.Field($"/proc/{daemon.ProcessId}/status", "Threads"), CultureInfo.InvariantCulture),
            Directory.EnumerateFiles(daemon.StateDirectory).Sum(file => new FileInfo(file).Length) / 1048576.0,
            blocked,
            elements.Count);
    }
}
