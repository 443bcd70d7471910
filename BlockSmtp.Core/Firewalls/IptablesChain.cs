using System.Globalization;
using System.Net.Sockets;

namespace BlockSmtp.Firewalls;

/// <summary>The chain in one of the two families, kept by <c>iptables</c> or <c>ip6tables</c>, whatever its rules are.</summary>
internal sealed class IptablesChain(AddressFamily family, IptablesTools tools, IptablesRules rules, IptablesFirewallOptions options)
{
    private readonly string[] _wait = ["-w", ((int)(options.CallTimeout.TotalSeconds / 2)).ToString(CultureInfo.InvariantCulture)];
    private Tool? _restore;

    /// <summary><c>iptables</c> or <c>ip6tables</c>.</summary>
    public string Name { get; } = family == AddressFamily.InterNetwork ? "iptables" : "ip6tables";

    /// <summary>True when the kernel has no such traffic, so that everything in this family is blocked anyway.</summary>
    public bool Off { get; private set; }

    /// <summary>Sees, changing nothing, whether everything needed is there and permitted.</summary>
    /// <returns>The chains that lead into ours, each with its head, as <c>-S</c> prints them; one that is not there is left out.</returns>
    public async Task<List<string>> ProbeAsync(CancellationToken cancellationToken)
    {
        Off = family == AddressFamily.InterNetworkV6 && !tools.HasIPv6;
        if (Off)
            return [];
        _restore = tools.Find(Name, "-restore", options.CallTimeout, ["--noflush", .. _wait]);
        List<string> listed = [];
        foreach (var chain in rules.From)
        {
            if (IptablesFirewallOptions.IsBuiltIn(chain) || await ExistsAsync(chain, cancellationToken).ConfigureAwait(false))
                listed.AddRange(await ReadAsync(chain, cancellationToken).ConfigureAwait(false));
        }

        return listed;
    }

    /// <summary>Carries out a transaction; <see cref="ProbeAsync"/> comes first.</summary>
    public async Task RestoreAsync(byte[] script, CancellationToken cancellationToken)
    {
        if (Off)
            return;
        var result = await _restore!.RunAsync(script, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
            throw IptablesFailure.Of(_restore, result);
    }

    /// <summary>Reads the rules of the chain; null when it is not reached from where it should be.</summary>
    public async Task<List<string>?> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (Off || !rules.IsReached(listed))
            return null;
        return [.. (await ReadAsync(options.ChainName, cancellationToken).ConfigureAwait(false)).Where(line =>
            line.StartsWith("-A ", StringComparison.Ordinal))];
    }

    /// <summary>Takes away jumps and chain. False when the chain had to stay, empty, since others jump there too.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        var input = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (Off || (rules.JumpsIn(input).Count == 0 && !await ExistsAsync(options.ChainName, cancellationToken).ConfigureAwait(false)))
            return true;
        var result = await _restore!.RunAsync(rules.Remove(input, withChain: true), cancellationToken).ConfigureAwait(false);
        if (result.ExitCode == 0)
            return true;
        await RestoreAsync(rules.Remove(input, withChain: false), cancellationToken).ConfigureAwait(false);
        return false;
    }

    private async Task<bool> ExistsAsync(string chain, CancellationToken cancellationToken) =>
        (await FindList(chain, "1").RunAsync(default, cancellationToken).ConfigureAwait(false)).ExitCode == 0;

    private async Task<List<string>> ReadAsync(string chain, CancellationToken cancellationToken)
    {
        var tool = FindList(chain);
        var result = await tool.RunAsync(default, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
            throw IptablesFailure.Of(tool, result);
        return [.. result.Output.Split('\n').Where(line => line.Length > 0)];
    }

    private Tool FindList(params IEnumerable<string> chain) =>
        tools.Find(Name, "", options.CallTimeout, [.. _wait, "-S", .. chain]);
}
