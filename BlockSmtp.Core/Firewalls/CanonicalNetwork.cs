using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Firewalls;

/// <summary>A network as the kernel sees it.</summary>
internal static class CanonicalNetwork
{
    /// <summary>Without the interface of a link-local address, IPv4 never in IPv6's clothes.</summary>
    public static IPNetwork Of(IPNetwork network)
    {
        var address = network.BaseAddress;
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return network;
        if (address.IsIPv4MappedToIPv6 && network.PrefixLength >= 96)
            return new IPNetwork(address.MapToIPv4(), network.PrefixLength - 96);
        return address.ScopeId == 0 ? network : new IPNetwork(new IPAddress(address.GetAddressBytes()), network.PrefixLength);
    }

    /// <summary>The last word on each network, in any order.</summary>
    public static Dictionary<IPNetwork, DateTimeOffset?> Last(IReadOnlyList<FirewallChange> changes)
    {
        var last = new Dictionary<IPNetwork, DateTimeOffset?>(changes.Count);
        foreach (var change in changes)
            last[Of(change.Network)] = change.BlockUntil;
        return last;
    }

    /// <summary>
    /// The end of the block of each network; the latest, should there be two. In the order of the blocks, as nothing is taken out.
    /// </summary>
    public static Dictionary<IPNetwork, DateTimeOffset> Ends(IReadOnlyCollection<Block> blocks)
    {
        var ends = new Dictionary<IPNetwork, DateTimeOffset>(blocks.Count);
        foreach (var block in blocks)
        {
            var network = Of(block.Network);
            if (!ends.TryGetValue(network, out var end) || end < block.Until)
                ends[network] = block.Until;
        }
        return ends;
    }
}
