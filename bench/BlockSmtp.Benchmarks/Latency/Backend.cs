using BlockSmtp.Firewalls;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>A firewall that the daemon can use.</summary>
/// <param name="Name">What to call it in a table.</param>
/// <param name="Options">The daemon's options that choose it.</param>
/// <param name="MedianMilliseconds">The budget from the line to the rule.</param>
/// <param name="P99Milliseconds">The same, for 99 of 100 blocks.</param>
/// <param name="Scales">Whether it is meant for very many blocks, so that what they cost has a budget; a rule a host is not.</param>
/// <param name="Make">The same firewall, without a daemon.</param>
/// <param name="Watch">What sees its changes in the kernel.</param>
internal sealed record Backend(
    string Name,
    string[] Options,
    double MedianMilliseconds,
    double P99Milliseconds,
    bool Scales,
    Func<IFirewall> Make,
    Func<KernelWatch> Watch)
{
    /// <summary>All that there are.</summary>
    public static Backend[] All { get; } =
    [
        new("iptables", ["--firewall=iptables"], 5, 25, false, () => new IptablesFirewall(), () => new RuleWatch()),
        new("nftables", ["--firewall=nftables"], 2, 10, true, () => new NftablesFirewall(), () => new RuleWatch()),
        new("ipset", ["--firewall=ipset"], 5, 25, true, () => new IpsetFirewall(), () => new SetWatch("SPAM_UNAME_GUESSERS-h4")),
    ];
}
