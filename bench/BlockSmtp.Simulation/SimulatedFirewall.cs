using System.Net;

namespace BlockSmtp.Simulation;

/// <summary>The kernel's rules: they outlast the daemon.</summary>
internal sealed class Rules
{
    public HashSet<IPNetwork> Dropped { get; } = [];

    public bool Drop(IPAddress host) => Dropped.Contains(Network(host));

    public static IPNetwork Network(IPAddress host) =>
        new(host, host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128);
}

/// <summary>The firewall as one process has it.</summary>
internal sealed class SimulatedFirewall(Process process, Part part, Rules rules) : IFirewall
{
    public async ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) =>
        await Act($"start with {blocks.Count}", half => Replace(blocks, half), cancellationToken);

    public async ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) =>
        await Act($"apply {changes.Count}", half => Apply(changes, half), cancellationToken);

    public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
        Act<IReadOnlyCollection<IPNetwork>>("list", _ => [.. rules.Dropped], cancellationToken);

    public async ValueTask StopAsync(CancellationToken cancellationToken) => await Act("stop", Remove, cancellationToken);

    private ValueTask<T> Act<T>(string what, Func<bool, T> effect, CancellationToken cancellationToken) =>
        part.ActAsync(process, what, effect, message => new FirewallException(message), cancellationToken);

    private bool Replace(IReadOnlyCollection<Block> blocks, bool half)
    {
        rules.Dropped.Clear();
        foreach (var block in blocks.Take(half ? blocks.Count / 2 : blocks.Count))
            rules.Dropped.Add(block.Network);
        return true;
    }

    private bool Apply(IReadOnlyList<FirewallChange> changes, bool half)
    {
        foreach (var change in changes.Take(half ? changes.Count / 2 : changes.Count))
            _ = change.IsBlock ? rules.Dropped.Add(change.Network) : rules.Dropped.Remove(change.Network);
        return true;
    }

    private bool Remove(bool half)
    {
        foreach (var network in rules.Dropped.Take(half ? rules.Dropped.Count / 2 : rules.Dropped.Count).ToList())
            rules.Dropped.Remove(network);
        return true;
    }
}
