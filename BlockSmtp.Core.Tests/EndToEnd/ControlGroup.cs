using System.Globalization;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A control group with a bound on memory, as systemd makes one of <c>MemoryMax=</c>; of version 1 or 2, whichever the machine has.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Version1 = "/sys/fs/cgroup/memory";
    private const string Version2 = "/sys/fs/cgroup";

    private readonly string _folder;
    private readonly long _limit;

    public ControlGroup(long memory)
    {
        var isFirst = Directory.Exists(Version1);
        _limit = memory;
        _folder = Path.Combine(isFirst ? Version1 : Version2, $"blocksmtp-test-{Environment.ProcessId}-{Guid.NewGuid():N}");
        try
        {
            if (!isFirst)
                File.WriteAllText(Path.Combine(Version2, "cgroup.subtree_control"), "+memory");
            Directory.CreateDirectory(_folder);
            File.WriteAllText(
                Path.Combine(_folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), memory.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            Requires.Need(false, $"no control group with a bound on memory can be made: {e.Message}");
        }
    }

    /// <summary>What has to stand before a command for it to run in here.</summary>
    public string[] Within => ["sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", Path.Combine(_folder, "cgroup.procs")];

    /// <summary>The most bytes that were in use here at a time, and how often somebody was ended for want of them.</summary>
    public string Peak
    {
        get
        {
            var isFirst = Directory.Exists(Version1);
            var peak = long.Parse(
                File.ReadAllText(Path.Combine(_folder, isFirst ? "memory.max_usage_in_bytes" : "memory.peak")),
                CultureInfo.InvariantCulture);
            var ended = File.ReadLines(Path.Combine(_folder, isFirst ? "memory.oom_control" : "memory.events")).First(line =>
                line.StartsWith("oom_kill ", StringComparison.Ordinal));
            return FormattableString.Invariant($"{peak >> 20} MiB of {_limit >> 20} at most, {ended["oom_kill ".Length..]} ended");
        }
    }

    public void Dispose()
    {
        for (var attempt = 0; Directory.Exists(_folder) && attempt < 50; attempt++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException)
            {
                // Who was in it is still going away.
                Thread.Sleep(100);
            }
        }
    }
}
