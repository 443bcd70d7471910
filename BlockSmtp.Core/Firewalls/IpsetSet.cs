using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Addresses;

namespace BlockSmtp.Firewalls;

/// <summary>One of the four sets: the hosts or the networks of a family.</summary>
internal sealed record IpsetSet(string Chain, AddressFamily Family, bool IsHosts)
{
    /// <summary>All of them, in the order of their rules.</summary>
    public static IReadOnlyList<IpsetSet> All(string chain) =>
    [
        new(chain, AddressFamily.InterNetwork, true), new(chain, AddressFamily.InterNetwork, false),
        new(chain, AddressFamily.InterNetworkV6, true), new(chain, AddressFamily.InterNetworkV6, false),
    ];

    /// <summary>Of at most 31 characters (IPSET_MAXNAMELEN, linux/netfilter/ipset/ip_set.h): a chain has up to 28.</summary>
    public string Name => Chain + (IsHosts ? "-h" : "-n") + Version;

    /// <summary>The set that is filled beforehand and then takes the other's name.</summary>
    public string NextName => Chain + (IsHosts ? "-H" : "-N") + Version;

    // The default of 65,536 elements is too few for a big server under attack.
    public string Parameters => $"{(IsHosts ? "hash:ip" : "hash:net")} family "
        + $"{(Family == AddressFamily.InterNetwork ? "inet" : "inet6")} maxelem 1048576 timeout 0";

    private string Version => Family == AddressFamily.InterNetwork ? "4" : "6";

    public bool Takes(IPNetwork network) => network.BaseAddress.AddressFamily == Family && NetworkText.IsHost(network) == IsHosts;

    /// <summary>What stands for the network in the set: hash:net knows no prefix length of 0, but two halves are all.</summary>
    public static IEnumerable<string> Entries(IPNetwork network)
    {
        if (NetworkText.IsHost(network))
            return [network.BaseAddress.ToString()];
        if (network.PrefixLength > 0)
            return [network.ToString()];
        return network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? ["0.0.0.0/1", "128.0.0.0/1"] : ["::/1", "8000::/1"];
    }

    /// <summary>Reads what <c>ipset save</c> prints of the set.</summary>
    public List<IPNetwork> Parse(string saved)
    {
        var start = $"add {Name} ";
        var networks = new List<IPNetwork>();
        foreach (var line in saved.Split('\n'))
        {
            if (!line.StartsWith(start, StringComparison.Ordinal))
                continue;
            var entry = line.AsSpan(start.Length);
            var end = entry.IndexOf(' ');
            if (TryParseEntry(end < 0 ? entry : entry[..end], out var network))
                networks.Add(network);
        }

        var halves = networks.Where(network => network.PrefixLength == 1).ToList();
        if (halves.Count == 2)
        {
            networks.RemoveAll(halves.Contains);
            networks.Add(new IPNetwork(Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        }
        return networks;
    }

    private static bool TryParseEntry(ReadOnlySpan<char> entry, out IPNetwork network)
    {
        if (entry.Contains('/'))
            return IPNetwork.TryParse(entry, out network);
        var parsed = IPAddress.TryParse(entry, out var address);
        network = parsed ? HostKey.NetworkOf(address!) : default;
        return parsed;
    }

    /// <summary>One entry with its time, for <c>ipset restore</c>.</summary>
    public static string Timed(string set, string entry, long seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"add {set} {entry} timeout {seconds}\n");
}
