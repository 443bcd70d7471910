using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Blocks with the programs of the packages iptables and ipset: chain and jump are those of <see cref="IptablesFirewall"/>,
/// but the chain has two rules in each family, however many are blocked:
/// <code>
/// -A INPUT -p tcp -m tcp --dport 25 -j SPAM_UNAME_GUESSERS
/// -A SPAM_UNAME_GUESSERS -p tcp -m tcp --dport 25 -m set --match-set SPAM_UNAME_GUESSERS-h4 src -j DROP    hosts
/// -A SPAM_UNAME_GUESSERS -p tcp -m tcp --dport 25 -m set --match-set SPAM_UNAME_GUESSERS-n4 src -j DROP    networks
/// </code>
/// Each entry has its time, so that the kernel releases everybody also if the daemon dies; a block of more than 24 days
/// has 24 days, the most that ipset takes.
/// </summary>
public sealed partial class IpsetFirewall : IFirewall
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly IptablesRules _rules;
    private readonly IptablesChain _ipv4;
    private readonly IptablesChain _ipv6;
    private readonly IpsetSets _sets;

    // Where the kernel has no IPv6, its hosts can't come: they count as blocked.
    private readonly HashSet<IPNetwork> _offNetworks = [];
    private bool _started;

    /// <summary>Makes the firewall; nothing is run yet.</summary>
    /// <param name="options">Null for the defaults. Later changes have no effect.</param>
    /// <param name="timeProvider">The clock that the ends of the blocks are of; null for the machine's.</param>
    /// <param name="logger">Where it says what it does; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public IpsetFirewall(IptablesFirewallOptions? options = null, TimeProvider? timeProvider = null, ILogger<IpsetFirewall>? logger = null)
        : this(options ?? new(), timeProvider, logger, new())
    {
    }

    internal IpsetFirewall(IptablesFirewallOptions options, TimeProvider? timeProvider, ILogger? logger, IptablesTools tools)
    {
        options = options.Copy();
        options.Validate();
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _name = options.ChainName;
        _rules = new IptablesRules(options);
        _ipv4 = new(AddressFamily.InterNetwork, tools, _rules, options);
        _ipv6 = new(AddressFamily.InterNetworkV6, tools, _rules, options);
        _sets = new(tools, options);
    }

    /// <inheritdoc/>
    public async ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
    {
        var ends = CanonicalNetwork.Ends(blocks);
        // All is looked at before anything is changed, so what is missing leaves everything as it was.
        var existing = await _sets.ProbeAsync(cancellationToken).ConfigureAwait(false);
        var (input4, input6) = (_ipv4.ProbeAsync(cancellationToken), _ipv6.ProbeAsync(cancellationToken));
        await BothFamilies.WaitAsync(input4, input6).ConfigureAwait(false);
        _started = true;

        await _sets.FillAsync(_sets.All.Where(IsOn), ends, _time.GetUtcNow(), existing, cancellationToken).ConfigureAwait(false);
        _offNetworks.Clear();
        _offNetworks.UnionWith(ends.Keys.Where(IsOff));
        await BothFamilies.WaitAsync(
            _ipv4.RestoreAsync(_rules.Fill(SetRules(AddressFamily.InterNetwork), input4.Result), cancellationToken),
            _ipv6.RestoreAsync(
                _rules.Fill(SetRules(AddressFamily.InterNetworkV6), input6.Result), cancellationToken)).ConfigureAwait(false);
        LogStarted(_name, ends.Count);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException"><see cref="StartAsync"/> was not called.</exception>
    public async ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        if (!_started)
            throw new InvalidOperationException("The firewall has not been started: call StartAsync first");
        cancellationToken.ThrowIfCancellationRequested();
        var last = CanonicalNetwork.Last(changes);
        foreach (var (network, until) in last.Where(change => IsOff(change.Key)).ToList())
        {
            last.Remove(network);
            _ = until is null ? _offNetworks.Remove(network) : _offNetworks.Add(network);
        }
        await _sets.ApplyAsync(last, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        LogApplied(_name, changes.Count);
    }

    /// <summary>
    /// Reads back from the kernel what is blocked now. A family in which INPUT does not begin with the jump into the
    /// chain, or the chain is not as it was made, has nothing that is blocked for sure, and counts as empty:
    /// <see cref="StartAsync"/> mends it.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken)
    {
        var existing = await _sets.ProbeAsync(cancellationToken).ConfigureAwait(false);
        var (ipv4, ipv6) = (_ipv4.ListAsync(cancellationToken), _ipv6.ListAsync(cancellationToken));
        await BothFamilies.WaitAsync(ipv4, ipv6).ConfigureAwait(false);
        List<IPNetwork> networks = [.. _offNetworks];
        foreach (var (family, name, rules) in new[]
        {
            (AddressFamily.InterNetwork, _ipv4.Name, ipv4.Result), (AddressFamily.InterNetworkV6, _ipv6.Name, ipv6.Result)
        })
        {
            if (IsOff(family))
                continue;
            if (rules?.SequenceEqual(SetRules(family)) == true && _sets.All.All(set => set.Family != family || existing.Contains(set.Name)))
                networks.AddRange(await _sets.ListAsync(family, cancellationToken).ConfigureAwait(false));
            else if (_started)
                LogChanged(_name, name);
        }
        return networks;
    }

    /// <inheritdoc/>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        _started = false;
        var (ipv4, ipv6) = (_ipv4.StopAsync(cancellationToken), _ipv6.StopAsync(cancellationToken));
        await BothFamilies.WaitAsync(ipv4, ipv6).ConfigureAwait(false);
        _offNetworks.Clear();
        var destroyed = await _sets.DestroyAsync(cancellationToken).ConfigureAwait(false);
        if (ipv4.Result && ipv6.Result && destroyed)
            LogStopped(_name);
        else
            LogKept(_name);
    }

    private IEnumerable<string> SetRules(AddressFamily family) =>
        _sets.All.Where(set => set.Family == family).Select(set => _rules.SetRule(set.Name));

    private bool IsOn(IpsetSet set) => !IsOff(set.Family);

    private bool IsOff(IPNetwork network) => IsOff(network.BaseAddress.AddressFamily);

    private bool IsOff(AddressFamily family) => family == AddressFamily.InterNetworkV6 && _ipv6.Off;

    [LoggerMessage(1330, LogLevel.Information, "the chain {Chain} is in force with {Networks} networks in its sets")]
    private partial void LogStarted(string chain, int networks);

    [LoggerMessage(1331, LogLevel.Debug, "the sets of the chain {Chain} have {Changes} changes")]
    private partial void LogApplied(string chain, int changes);

    [LoggerMessage(1332, LogLevel.Information, "the chain {Chain} and its sets are gone")]
    private partial void LogStopped(string chain);

    [LoggerMessage(
        1333,
        LogLevel.Warning,
        "{Tool}: the chain {Chain} is not reached first from INPUT or is not as it was made: somebody has changed the rules")]
    private partial void LogChanged(string chain, string tool);

    [LoggerMessage(1334, LogLevel.Warning, "the chain {Chain} or a set of it is empty but stays, since somebody's rule names it")]
    private partial void LogKept(string chain);
}
