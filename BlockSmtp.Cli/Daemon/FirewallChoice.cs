using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using BlockSmtp.Firewalls;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Makes the firewall that was asked for, or finds the best one that the machine has.</summary>
internal sealed class FirewallChoice(IptablesFirewallOptions chain, NftablesFirewallOptions table, ILoggerFactory loggers)
{
    /// <summary>The kind itself; for <see cref="FirewallKind.Auto"/> the first that works here.</summary>
    public async Task<FirewallKind> ResolveAsync(FirewallKind kind)
    {
        if (kind != FirewallKind.Auto)
            return kind;
        var logger = loggers.CreateLogger("blocksmtp");
        foreach (var candidate in new[] { FirewallKind.Nftables, FirewallKind.Ipset })
        {
            var firewall = Make(candidate);
            try
            {
                // To list is to need all that blocking needs, and changes nothing.
                await firewall.ListAsync(CancellationToken.None);
                logger.FirewallChosen(NameOf(candidate));
                return candidate;
            }
            catch (FirewallException e)
            {
                logger.FirewallPassedOver(NameOf(candidate), e.Message);
            }
            finally
            {
                (firewall as IDisposable)?.Dispose();
            }
        }

        logger.FirewallChosen(NameOf(FirewallKind.Iptables));
        return FirewallKind.Iptables;
    }

    /// <summary>Keeps a second daemon away from the same rules; null where there are none.</summary>
    public IDisposable? Lock(FirewallKind kind) => RulesOf(kind) switch
    {
        null => null,
        var rules when kind == FirewallKind.Nftables =>
            Lock(rules, $"the table {table.TableName}", "another table with --nftables-table-name"),
        var rules => Lock(rules, $"the chain {chain.ChainName}", "another chain with --iptables-chain-name"),
    };

    /// <summary>What the rules are called, such as <c>table-blocksmtp</c>; null where there are none.</summary>
    public string? RulesOf(FirewallKind kind) => kind switch
    {
        FirewallKind.None => null,
        FirewallKind.Nftables => "table-" + table.TableName,
        _ => "chain-" + chain.ChainName,
    };

    public IFirewall Make(FirewallKind kind) => kind switch
    {
        FirewallKind.Nftables => new NftablesFirewall(table, logger: loggers.CreateLogger<NftablesFirewall>()),
        FirewallKind.Ipset => new IpsetFirewall(chain, logger: loggers.CreateLogger<IpsetFirewall>()),
        // Without a log of its own: the engine tells of every block, and nothing here is only pretended.
        FirewallKind.None => new DryRunFirewall(),
        _ => new IptablesFirewall(chain, loggers.CreateLogger<IptablesFirewall>()),
    };

    private IDisposable? Lock(string rules, string what, string instead) =>
        ChainLock.Take(rules, what, instead, loggers.CreateLogger("blocksmtp"));

    public static string NameOf(FirewallKind kind) => kind switch
    {
        FirewallKind.Nftables => "nftables",
        FirewallKind.Ipset => "ipset",
        FirewallKind.None => "none",
        _ => "iptables",
    };
}
