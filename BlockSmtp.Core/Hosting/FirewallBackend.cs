using BlockSmtp.Firewalls;

namespace BlockSmtp.Hosting;

/// <summary>Which of the library's firewalls an engine uses that has been given none.</summary>
public enum FirewallBackend
{
    /// <summary><see cref="IptablesFirewall"/>: a chain with one rule a host.</summary>
    Iptables,

    /// <summary><see cref="NftablesFirewall"/>: a table with sets.</summary>
    Nftables,

    /// <summary><see cref="IpsetFirewall"/>: a chain with one rule, and sets.</summary>
    Ipset,

    /// <summary><see cref="DryRunFirewall"/>: nobody is blocked, and no session is ended.</summary>
    DryRun,
}
