using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>The sets, kept by the program of the package ipset; ipset(8).</summary>
internal sealed class IpsetSets(IptablesTools tools, IptablesFirewallOptions options)
{
    // The kernel lets go of a set a moment after the rule that named it is gone (iptables-nft).
    private const int DestroyAttempts = 20;
    private static readonly TimeSpan DestroyDelay = TimeSpan.FromMilliseconds(20);

    // The most that ipset takes: 24 days.
    private const long LongestTimeout = 2_147_483;

    public IReadOnlyList<IpsetSet> All { get; } = IpsetSet.All(options.ChainName);

    /// <summary>Sees, changing nothing, whether the program is there and permitted.</summary>
    /// <returns>The names of all sets there are, whoever made them.</returns>
    public async Task<HashSet<string>> ProbeAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(["list", "-name"], "", cancellationToken).ConfigureAwait(false);
        return [.. result.Split('\n')];
    }

    /// <summary>Makes the sets hold exactly these networks; each set changes in one step.</summary>
    /// <param name="sets">The sets to fill.</param>
    /// <param name="ends">Until when each network is blocked.</param>
    /// <param name="now">The time now.</param>
    /// <param name="existing">What <see cref="ProbeAsync"/> has found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task FillAsync(
        IEnumerable<IpsetSet> sets,
        Dictionary<IPNetwork, DateTimeOffset> ends,
        DateTimeOffset now,
        HashSet<string> existing,
        CancellationToken cancellationToken)
    {
        var script = new StringBuilder();
        foreach (var set in sets)
        {
            if (existing.Contains(set.NextName))
                script.Append($"destroy {set.NextName}\n");
            script.Append($"create {set.NextName} {set.Parameters}\n");
            foreach (var (network, until) in ends.Where(end => set.Takes(end.Key)))
            {
                foreach (var entry in IpsetSet.Entries(network))
                    script.Append(IpsetSet.Timed(set.NextName, entry, KernelTimeout.Seconds(until, now, LongestTimeout)));
            }
            if (existing.Contains(set.Name))
                script.Append($"swap {set.NextName} {set.Name}\ndestroy {set.NextName}\n");
            else
                script.Append($"rename {set.NextName} {set.Name}\n");
        }
        return RestoreAsync(script, cancellationToken);
    }

    /// <summary>Blocks, again where it is blocked, and releases, also what is not there.</summary>
    public Task ApplyAsync(IReadOnlyDictionary<IPNetwork, DateTimeOffset?> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var script = new StringBuilder();
        foreach (var (network, until) in changes)
        {
            var name = All.First(set => set.Takes(network)).Name;
            foreach (var entry in IpsetSet.Entries(network))
                script.Append(until is { } end
                    ? IpsetSet.Timed(name, entry, KernelTimeout.Seconds(end, now, LongestTimeout))
                    : $"del {name} {entry}\n");
        }
        return script.Length == 0 ? Task.CompletedTask : RestoreAsync(script, cancellationToken);
    }

    /// <summary>Reads what the sets of a family hold.</summary>
    public async Task<List<IPNetwork>> ListAsync(AddressFamily family, CancellationToken cancellationToken)
    {
        List<IPNetwork> networks = [];
        foreach (var set in All.Where(set => set.Family == family))
            networks.AddRange(set.Parse(await RunAsync(["save", set.Name], "", cancellationToken).ConfigureAwait(false)));
        return networks;
    }

    /// <summary>Takes the sets away. False when one had to stay, empty, since somebody's rule names it.</summary>
    public async Task<bool> DestroyAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var existing = await ProbeAsync(cancellationToken).ConfigureAwait(false);
            var left = All.SelectMany(set => new[] { set.Name, set.NextName }).Where(existing.Contains).ToList();
            if (left.Count == 0)
                return true;
            if (attempt > DestroyAttempts)
                return false;
            await RunAsync(
                ["restore", "-exist"], string.Concat(left.Select(name => $"flush {name}\n")), cancellationToken).ConfigureAwait(false);
            foreach (var name in left)
                await Ipset("destroy", name).RunAsync(default, cancellationToken).ConfigureAwait(false);
            if (attempt > 1)
                await Task.Delay(DestroyDelay, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<string> RestoreAsync(StringBuilder script, CancellationToken cancellationToken) =>
        RunAsync(["restore", "-exist"], script.ToString(), cancellationToken);

    private async Task<string> RunAsync(string[] arguments, string input, CancellationToken cancellationToken)
    {
        var tool = Ipset(arguments);
        var result = await tool.RunAsync(Encoding.ASCII.GetBytes(input), cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0
            ? result.Output
            : throw IptablesFailure.Of(tool, result, $"look at the sets with ipset list {options.ChainName}-h4");
    }

    private Tool Ipset(params string[] arguments) => tools.FindOf("ipset", "ipset", options.CallTimeout, arguments);
}
