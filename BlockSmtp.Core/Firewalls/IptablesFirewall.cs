using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Blocks with the programs of the package iptables, both families, nft and legacy flavour alike:
/// <code>
/// -A INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS                         at the top
/// -A SPAM_UNAME_GUESSERS -s 61.173.40.71/32 -p tcp -m tcp --dport 25 -j DROP      one a network
/// </code>
/// A call changes a family in one transaction of iptables-restore(8). All rules of the chain are the firewall's own;
/// of others' rules it takes away those that jump from INPUT into the chain, and no other. The rules are gone through
/// one by one for each packet to the mail server: for many thousand hosts use nftables.
/// </summary>
public sealed partial class IptablesFirewall : IFirewall
{
    private const int ManyNetworks = 1000;

    private readonly ILogger _logger;
    private readonly string _chain;
    private readonly IptablesFamily _ipv4;
    private readonly IptablesFamily _ipv6;
    private bool _started;
    private bool _saidIPv6Off;
    private bool _saidMany;

    /// <summary>Makes the firewall; nothing is run yet.</summary>
    /// <param name="options">Null for the defaults. Later changes have no effect.</param>
    /// <param name="logger">Where it says what it does; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public IptablesFirewall(IptablesFirewallOptions? options = null, ILogger<IptablesFirewall>? logger = null)
        : this(options ?? new(), logger, new())
    {
    }

    internal IptablesFirewall(IptablesFirewallOptions options, ILogger? logger, IptablesTools tools)
    {
        options = options.Copy();
        options.Validate();
        _logger = logger ?? NullLogger.Instance;
        _chain = options.ChainName;
        var rules = new IptablesRules(options);
        _ipv4 = new(AddressFamily.InterNetwork, tools, rules, options);
        _ipv6 = new(AddressFamily.InterNetworkV6, tools, rules, options);
    }

    /// <inheritdoc/>
    public async ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
    {
        HashSet<IPNetwork> ipv4 = [], ipv6 = [];
        foreach (var block in blocks)
        {
            var network = CanonicalNetwork.Of(block.Network);
            (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? ipv4 : ipv6).Add(network);
        }

        // Both are looked at before either is changed, so what is missing leaves everything as it was.
        var (input4, input6) = (_ipv4.ProbeAsync(cancellationToken), _ipv6.ProbeAsync(cancellationToken));
        await BothFamilies.WaitAsync(input4, input6).ConfigureAwait(false);
        _started = true;
        await BothFamilies.WaitAsync(
            _ipv4.FillAsync(ipv4, input4.Result, cancellationToken),
            _ipv6.FillAsync(ipv6, input6.Result, cancellationToken)).ConfigureAwait(false);

        LogStarted(_chain, ipv4.Count + ipv6.Count);
        if (_ipv6.Off && !_saidIPv6Off)
        {
            _saidIPv6Off = true;
            LogIPv6Off();
        }
        WarnOfMany();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException"><see cref="StartAsync"/> was not called.</exception>
    public async ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        if (!_started)
            throw new InvalidOperationException("The firewall has not been started: call StartAsync first");
        var ipv4 = changes.Where(IsIPv4).ToList();
        if (ipv4.Count == changes.Count)
            await _ipv4.ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
        else if (ipv4.Count == 0)
            await _ipv6.ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
        else
        {
            await BothFamilies.WaitAsync(
                _ipv4.ApplyAsync(ipv4, cancellationToken),
                _ipv6.ApplyAsync(changes.Where(change => !IsIPv4(change)), cancellationToken)).ConfigureAwait(false);
        }
        LogApplied(_chain, changes.Count);
        WarnOfMany();

        static bool IsIPv4(FirewallChange change) =>
            CanonicalNetwork.Of(change.Network).BaseAddress.AddressFamily == AddressFamily.InterNetwork;
    }

    /// <summary>
    /// Reads back from the kernel what is blocked now. A family in which INPUT does not begin with the jump into the
    /// chain has nothing that is blocked for sure, and counts as empty: <see cref="StartAsync"/> mends it.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken)
    {
        var (ipv4, ipv6) = (_ipv4.ListAsync(cancellationToken), _ipv6.ListAsync(cancellationToken));
        await BothFamilies.WaitAsync(ipv4, ipv6).ConfigureAwait(false);
        if (_started && (ipv4.Result is null || ipv6.Result is null))
            LogNotAtTop(_chain, ipv4.Result is null ? "iptables" : "ip6tables");
        return [.. ipv4.Result ?? [], .. ipv6.Result ?? []];
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        _started = false;
        var (ipv4, ipv6) = (_ipv4.StopAsync(cancellationToken), _ipv6.StopAsync(cancellationToken));
        await BothFamilies.WaitAsync(ipv4, ipv6).ConfigureAwait(false);
        if (ipv4.Result && ipv6.Result)
            LogStopped(_chain);
        else
            LogChainKept(_chain);
    }

    private void WarnOfMany()
    {
        if (_saidMany || Math.Max(_ipv4.Count, _ipv6.Count) <= ManyNetworks)
            return;
        _saidMany = true;
        LogMany(_chain, ManyNetworks);
    }

    [LoggerMessage(1300, LogLevel.Information, "the chain {Chain} is in force with {Networks} networks blocked")]
    private partial void LogStarted(string chain, int networks);

    [LoggerMessage(1301, LogLevel.Debug, "the chain {Chain} has {Changes} changes")]
    private partial void LogApplied(string chain, int changes);

    [LoggerMessage(1302, LogLevel.Information, "the chain {Chain} is gone")]
    private partial void LogStopped(string chain);

    [LoggerMessage(1310, LogLevel.Warning, "IPv6 is off in this kernel: only IPv4 hosts are blocked, no others can come")]
    private partial void LogIPv6Off();

    [LoggerMessage(1311, LogLevel.Warning, "More than {Networks} networks are blocked in the chain {Chain}, "
        + "and each packet to the mail server is compared with all of them: use nftables instead of iptables")]
    private partial void LogMany(string chain, int networks);

    [LoggerMessage(
        1312,
        LogLevel.Warning,
        "{Tool}: INPUT, or another chain that should, does not begin with the jump to the chain {Chain}: somebody has changed the rules")]
    private partial void LogNotAtTop(string chain, string tool);

    [LoggerMessage(1313, LogLevel.Warning, "the chain {Chain} is empty but stays, since somebody's rule outside INPUT jumps there")]
    private partial void LogChainKept(string chain);
}
