using System.Buffers.Binary;
using BlockSmtp.Addresses;
using static BlockSmtp.Firewalls.NftablesMessages;

namespace BlockSmtp.Firewalls;

/// <summary>Reads what is in a set.</summary>
internal static class NftablesElements
{
    /// <summary>Reads the networks of a set.</summary>
    /// <param name="reader">Asks the kernel.</param>
    /// <param name="table">The table, of the family inet.</param>
    /// <param name="set">The set.</param>
    /// <param name="networks">Takes the networks; none when the set is not there.</param>
    /// <exception cref="FirewallException">The kernel refuses it.</exception>
    public static void Read(NftablesReader reader, string table, NftablesSet set, List<HostKey> networks)
    {
        var before = networks.Count;
        reader.Read(
            GetElements,
            request =>
            {
                request.Text(Table, table);
                request.Text(Set, set.Name);
            },
            () => networks.RemoveRange(before, networks.Count - before),
            message => ReadElements(message, set, networks));
    }

    private static void ReadElements(ReadOnlySpan<byte> message, NftablesSet set, List<HostKey> networks)
    {
        var list = NftablesAttributes.Find(message, Elements);
        while (NftablesAttributes.TryTake(ref list, out var type, out var element))
        {
            if (type != Element)
                continue;
            var address = NftablesAttributes.Find(NftablesAttributes.Find(element, Key), Value);
            if (address.Length * 8 != set.Bits)
                throw new FirewallException($"nftables: the kernel lists the set {set.Name} in a form that is not known: "
                    + "look at it with nft list set, or use another firewall");
            networks.Add(Host(address).Within(set.PrefixLength));
        }
    }

    private static HostKey Host(ReadOnlySpan<byte> address) => address.Length == sizeof(uint)
        ? HostKey.OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(address))
        : HostKey.OfIPv6(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[sizeof(ulong)..]));
}
