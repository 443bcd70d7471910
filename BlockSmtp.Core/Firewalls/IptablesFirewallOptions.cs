using System.Collections.Frozen;

namespace BlockSmtp.Firewalls;

/// <summary>
/// What an <see cref="IptablesFirewall"/> and an <see cref="IpsetFirewall"/> can be told. The values are checked
/// once, when the firewall is made.
/// </summary>
public sealed class IptablesFirewallOptions
{
    // XT_EXTENSION_MAXNAMELEN (linux/netfilter/x_tables.h) is 29, with the closing NUL.
    private const int MaxChainName = 28;

    private const int MaxJumps = 8;

    // XT_MULTI_PORTS (linux/netfilter/xt_multiport.h).
    private const int MaxPorts = 15;

    // Chains of the tables (iptables(8)) and targets (iptables-extensions(8)): "-j NAME" would mean these.
    private static readonly FrozenSet<string> Taken = FrozenSet.Create(
        "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING", "ACCEPT", "DROP", "QUEUE", "RETURN", "AUDIT",
        "CHECKSUM", "CLASSIFY", "CLUSTERIP", "CONNMARK", "CONNSECMARK", "CT", "DNAT", "DNPT", "DSCP", "ECN", "HL",
        "HMARK", "IDLETIMER", "LED", "LOG", "MARK", "MASQUERADE", "NETMAP", "NFLOG", "NFQUEUE", "NOTRACK", "RATEEST",
        "REDIRECT", "REJECT", "SECMARK", "SET", "SNAT", "SNPT", "SYNPROXY", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS",
        "TPROXY", "TRACE", "TTL", "ULOG");

    /// <summary>
    /// The chain of the table <c>filter</c> that holds the rules; it belongs to the firewall alone. 1 to 28 of
    /// <c>A-Z a-z 0-9 _ . -</c>, not starting with <c>-</c>, not the name of a built-in chain or a target. Default
    /// <c>SPAM_UNAME_GUESSERS</c>.
    /// </summary>
    public string ChainName { get; set; } = "SPAM_UNAME_GUESSERS";

    /// <summary>
    /// The chains of the table <c>filter</c> that lead into <see cref="ChainName"/> by their first rule, 1 to 8. Default <c>INPUT</c>; for
    /// a mail server in a container of Docker also <c>DOCKER-USER</c>, where packets have the port of the container. One that is none of
    /// the kernel's own and is not there has no packets: the jump is put in once it is, at the next look at the rules.
    /// </summary>
    public IReadOnlyList<string> JumpFrom { get; set; } = ["INPUT"];

    /// <summary>The TCP ports of the mail server that are closed to a blocked host: 1 to 15 ports from 1 to 65535. Default 25.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [25];

    /// <summary>
    /// How long one call of iptables (or ipset) may take before it is killed; half of it may go by waiting for the lock that
    /// the legacy iptables takes. From 2 seconds to 10 minutes, default 10 seconds.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a chain is the kernel's own, so that it is always there. Of the table filter, those that
    /// packets from elsewhere come through.
    /// </summary>
    internal static bool IsBuiltIn(string chain) => chain is "INPUT" or "FORWARD";

    private static bool IsName(string? chain) =>
        chain is { Length: > 0 and <= MaxChainName }
        && chain[0] != '-'
        && chain.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    internal IptablesFirewallOptions Copy() => new()
    {
        ChainName = ChainName,
        JumpFrom = JumpFrom is { } chains ? [.. chains] : null!,
        Ports = Ports is { } ports ? [.. ports] : null!,
        CallTimeout = CallTimeout,
    };

    internal void Validate()
    {
        if (!IsName(ChainName))
        {
            throw new ArgumentException(
                $"'{ChainName}' can't be the name of a chain: use 1 to {MaxChainName} letters, digits, '_', '.' and '-', the first no '-'");
        }
        if (Taken.Contains(ChainName))
            throw new ArgumentException($"'{ChainName}' is a chain or target of iptables' own: choose another name for the chain");
        if (JumpFrom is null || JumpFrom.Count is 0 or > MaxJumps)
            throw new ArgumentException($"{JumpFrom?.Count ?? 0} chains to jump from: name 1 to {MaxJumps}");
        foreach (var chain in JumpFrom)
        {
            if (!IsName(chain) || chain == ChainName || (Taken.Contains(chain) && !IsBuiltIn(chain)))
                throw new ArgumentException(
                    $"'{chain}' is no chain to jump from: use INPUT, FORWARD or a chain of somebody else's such as DOCKER-USER");
        }

        if (Ports is null || Ports.Count is 0 or > MaxPorts)
            throw new ArgumentException($"{Ports?.Count ?? 0} ports to close: name 1 to {MaxPorts}");
        foreach (var port in Ports)
        {
            if (port is < 1 or > ushort.MaxValue)
                throw new ArgumentException($"{port} is not a port: use 1 to {ushort.MaxValue}");
        }
        if (CallTimeout < TimeSpan.FromSeconds(2) || CallTimeout > TimeSpan.FromMinutes(10))
            throw new ArgumentException($"{CallTimeout} is not a time to give iptables: use 2 seconds to 10 minutes");
    }
}
