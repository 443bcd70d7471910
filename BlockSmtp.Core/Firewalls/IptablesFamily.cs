using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Firewalls;

/// <summary>The networks of one of the two families, each with a rule of its own in the chain.</summary>
internal sealed class IptablesFamily(AddressFamily family, IptablesTools tools, IptablesRules rules, IptablesFirewallOptions options)
{
    // To delete a rule iptables-nft fetches the chain and compares it rule by rule: beyond about twenty rules it is
    // cheaper to write the chain anew, whatever its length (measured with 1,000 and 50,000).
    private const int MostDeletes = 16;

    private readonly IptablesChain _chain = new(family, tools, rules, options);

    // What is in the chain, as far as we know; if we are not certain, the next change writes the whole chain.
    private HashSet<IPNetwork> _inChain = [];
    private bool _certain;

    /// <summary>How many networks are blocked.</summary>
    public int Count => _inChain.Count;

    /// <summary>True when the kernel has no such traffic, so that everything in this family is blocked anyway.</summary>
    public bool Off => _chain.Off;

    /// <inheritdoc cref="IptablesChain.ProbeAsync"/>
    public Task<List<string>> ProbeAsync(CancellationToken cancellationToken) => _chain.ProbeAsync(cancellationToken);

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
            var network = CanonicalNetwork.Of(change.Network);
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
        var lines = await _chain.ListAsync(cancellationToken).ConfigureAwait(false);
        if (Off)
            return [.. _inChain];
        if (lines is null)
            return null;
        var networks = new List<IPNetwork>();
        foreach (var line in lines)
        {
            if (rules.TryParse(line, family, out var network))
                networks.Add(network);
        }
        return networks;
    }

    /// <inheritdoc cref="IptablesChain.StopAsync"/>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        _certain = false;
        var gone = await _chain.StopAsync(cancellationToken).ConfigureAwait(false);
        _inChain = [];
        return gone;
    }

    private async Task RestoreAsync(byte[] script, CancellationToken cancellationToken)
    {
        _certain = false;
        await _chain.RestoreAsync(script, cancellationToken).ConfigureAwait(false);
        _certain = true;
    }
}
