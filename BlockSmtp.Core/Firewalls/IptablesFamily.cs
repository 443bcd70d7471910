using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Firewalls;

/// <summary>The chain in one of the two families, kept by <c>iptables</c> or <c>ip6tables</c>.</summary>
internal sealed class IptablesFamily(AddressFamily family, IptablesTools tools, IptablesRules rules, IptablesFirewallOptions options)
{
    // To delete a rule iptables-nft fetches the chain and compares it rule by rule: beyond about twenty rules it is
    // cheaper to write the chain anew, whatever its length (measured with 1,000 and 50,000).
    private const int MostDeletes = 16;

    private readonly string _name = family == AddressFamily.InterNetwork ? "iptables" : "ip6tables";
    private readonly string[] _wait = ["-w", ((int)(options.CallTimeout.TotalSeconds / 2)).ToString(System.Globalization.CultureInfo.InvariantCulture)];

    // What is in the chain, as far as we know; if we are not certain, the next change writes the whole chain.
    private HashSet<IPNetwork> _inChain = [];
    private bool _certain;
    private bool _off;
    private Tool? _restore;

    /// <summary>How many networks are blocked.</summary>
    public int Count => _inChain.Count;

    /// <summary>True when the kernel has no such traffic, so that everything in this family is blocked anyway.</summary>
    public bool Off => _off;

    /// <summary>Sees, changing nothing, whether everything needed is there and permitted.</summary>
    /// <returns>The rules of INPUT.</returns>
    public async Task<List<string>> ProbeAsync(CancellationToken cancellationToken)
    {
        _off = family == AddressFamily.InterNetworkV6 && !tools.HasIPv6;
        if (_off)
            return [];
        _restore = tools.Find(_name, "-restore", options.CallTimeout, ["--noflush", .. _wait]);
        return await ReadAsync("INPUT", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts exactly these networks into the chain and the jump to the top, in one transaction.</summary>
    public async Task FillAsync(HashSet<IPNetwork> networks, List<string> input, CancellationToken cancellationToken)
    {
        _inChain = networks;
        await RestoreAsync(rules.Fill(networks, input), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes those of the changes that change something, in one transaction.</summary>
    public async Task ApplyAsync(IEnumerable<FirewallChange> changes, CancellationToken cancellationToken)
    {
        HashSet<IPNetwork> blocked = [], released = [];
        foreach (var change in changes)
        {
            var network = IptablesRules.Canonical(change.Network);
            if (change.IsBlock != _inChain.Contains(network))
                (change.IsBlock ? blocked : released).Add(network);
        }

        if (!_certain || released.Count > MostDeletes)
        {
            HashSet<IPNetwork> wanted = [.. _inChain, .. blocked];
            wanted.ExceptWith(released);
            var (before, input) = (_inChain, await ProbeAsync(cancellationToken).ConfigureAwait(false));
            try
            {
                await FillAsync(wanted, input, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                _inChain = before;
                throw;
            }
        }
        else if (blocked.Count + released.Count > 0)
        {
            await RestoreAsync(rules.Change(blocked, released), cancellationToken).ConfigureAwait(false);
            _inChain.UnionWith(blocked);
            _inChain.ExceptWith(released);
        }
    }

    /// <summary>Reads the chain; null when it is not reached from the top of INPUT.</summary>
    public async Task<List<IPNetwork>?> ListAsync(CancellationToken cancellationToken)
    {
        var input = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (_off)
            return [.. _inChain];
        if (input is not [var top, ..] || top != rules.Jump)
            return null;
        var networks = new List<IPNetwork>();
        foreach (var line in await ReadAsync(options.ChainName, cancellationToken).ConfigureAwait(false))
        {
            if (rules.TryParse(line, family, out var network))
                networks.Add(network);
        }
        return networks;
    }

    /// <summary>Takes away jumps and chain. False when the chain had to stay, empty, since others jump there too.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        var input = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        var gone = _off || (rules.JumpsIn(input).Count == 0 && !await ChainExistsAsync(cancellationToken).ConfigureAwait(false));
        if (!gone)
        {
            _certain = false;
            var result = await _restore!.RunAsync(rules.Remove(input, withChain: true), cancellationToken).ConfigureAwait(false);
            gone = result.ExitCode == 0;
            if (!gone)
                await RestoreAsync(rules.Remove(input, withChain: false), cancellationToken).ConfigureAwait(false);
        }
        _inChain = [];
        _certain = false;
        return gone;
    }

    private async Task RestoreAsync(byte[] script, CancellationToken cancellationToken)
    {
        _certain = false;
        if (!_off)
        {
            var result = await _restore!.RunAsync(script, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0)
                throw IptablesFailure.Of(_restore, result);
        }
        _certain = true;
    }

    private async Task<bool> ChainExistsAsync(CancellationToken cancellationToken) =>
        (await FindList(options.ChainName, "1").RunAsync(default, cancellationToken).ConfigureAwait(false)).ExitCode == 0;

    private async Task<List<string>> ReadAsync(string chain, CancellationToken cancellationToken)
    {
        var tool = FindList(chain);
        var result = await tool.RunAsync(default, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
            throw IptablesFailure.Of(tool, result);
        return [.. result.Output.Split('\n').Where(line => line.StartsWith("-A ", StringComparison.Ordinal))];
    }

    private Tool FindList(params IEnumerable<string> chain) =>
        tools.Find(_name, "", options.CallTimeout, [.. _wait, "-S", .. chain]);
}
