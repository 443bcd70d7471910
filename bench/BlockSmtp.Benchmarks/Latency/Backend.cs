using BlockSmtp.Firewalls;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>A firewall that the daemon can use.</summary>
/// <param name="Name">What to call it in a table.</param>
/// <param name="Options">The daemon's options that choose it.</param>
/// <param name="MedianMilliseconds">The budget from the line to the rule.</param>
/// <param name="P99Milliseconds">The same, for 99 of 100 blocks.</param>
/// <param name="Make">The same firewall, without a daemon.</param>
internal sealed record Backend(string Name, string[] Options, double MedianMilliseconds, double P99Milliseconds, Func<IFirewall> Make)
{
    /// <summary>All that exist. A new one is added here.</summary>
    public static Backend[] All { get; } =
    [
        new("iptables", [], 5, 25, () => new IptablesFirewall()),
    ];
}
