using System.Net;
using static BlockSmtp.Firewalls.NftablesMessages;

namespace BlockSmtp.Firewalls;

/// <summary>Reads what is in a set.</summary>
internal static class NftablesElements
{
    /// <summary>Reads the networks of a set.</summary>
    /// <param name="reader">Asks the kernel.</param>
    /// <param name="table">The table, of the family inet.</param>
    /// <param name="set">The set.</param>
    /// <returns>The networks; none when the set is not there.</returns>
    /// <exception cref="FirewallException">The kernel refuses it.</exception>
    public static List<IPNetwork> Read(NftablesReader reader, string table, NftablesSet set)
    {
        var networks = new List<IPNetwork>();
        reader.Read(
            GetElements,
            request =>
            {
                request.Text(Table, table);
                request.Text(Set, set.Name);
            },
            networks.Clear,
            message => ReadElements(message, set, networks));
        return networks;
    }

    private static void ReadElements(ReadOnlySpan<byte> message, NftablesSet set, List<IPNetwork> networks)
    {
        var list = NftablesAttributes.Find(message, Elements);
        while (NftablesAttributes.TryTake(ref list, out var type, out var element))
        {
            if (type != Element)
                continue;
            var address = NftablesAttributes.Find(NftablesAttributes.Find(element, Key), Value);
            if (address.Length * 8 != set.Bits)
                throw new FirewallException($"nftables: the kernel lists the set {set.Name} in a form that is not known: look at it with nft list set, or use another firewall");
            networks.Add(new IPNetwork(new IPAddress(address), set.PrefixLength));
        }
    }
}
