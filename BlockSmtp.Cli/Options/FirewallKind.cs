namespace BlockSmtp.Cli.Options;

/// <summary>What drops the packets: the values of --firewall.</summary>
internal enum FirewallKind
{
    Iptables,
    Nftables,
    Ipset,
    None,
    Auto,
}
