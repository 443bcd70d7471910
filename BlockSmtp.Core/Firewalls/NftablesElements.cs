using System.Net;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Reads what is in a set from the kernel itself, piece by piece (linux/netfilter/nf_tables.h): of 250,000 elements libnftables makes 300 MB and takes seconds.
/// </summary>
internal static class NftablesElements
{
    private const ushort Get = (10 << 8) | 13;      // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETSETELEM
    private const ushort New = (10 << 8) | 12;      // NFT_MSG_NEWSETELEM
    private const ushort Dump = 0x301;              // NLM_F_REQUEST | NLM_F_DUMP
    private const ushort WasInterrupted = 0x10;     // NLM_F_DUMP_INTR
    private const ushort Error = 2;                 // NLMSG_ERROR
    private const ushort Done = 3;                  // NLMSG_DONE
    private const byte Inet = 1;                    // NFPROTO_INET
    private const int HeaderSize = 16;              // struct nlmsghdr
    private const int FamilySize = 4;               // struct nfgenmsg
    private const int AttributeSize = 4;            // struct nlattr
    private const ushort TypeMask = 0x3fff;         // NLA_TYPE_MASK
    private const ushort Table = 1;                 // NFTA_SET_ELEM_LIST_TABLE
    private const ushort Set = 2;                   // NFTA_SET_ELEM_LIST_SET
    private const ushort Elements = 3;              // NFTA_SET_ELEM_LIST_ELEMENTS
    private const ushort Element = 1;               // NFTA_LIST_ELEM
    private const ushort Key = 1;                   // NFTA_SET_ELEM_KEY
    private const ushort Value = 1;                 // NFTA_DATA_VALUE
    private const int NotThere = 2;                 // ENOENT
    private const int BufferSize = 64 * 1024;

    // Somebody who changes rules of his own all the time need not keep us from reading ours.
    private const int MostAttempts = 5;

    /// <summary>Reads the networks of a set.</summary>
    /// <param name="socket">Asks the kernel.</param>
    /// <param name="table">The table, of the family inet.</param>
    /// <param name="set">The set.</param>
    /// <returns>The networks; none when the set is not there.</returns>
    /// <exception cref="FirewallException">The kernel refuses it.</exception>
    public static List<IPNetwork> Read(NetfilterSocket socket, string table, NftablesSet set)
    {
        var networks = new List<IPNetwork>();
        var request = Request(table, set.Name);
        var buffer = new byte[BufferSize];
        for (var attempt = 1; ; attempt++)
        {
            networks.Clear();
            socket.Write(request);
            if (!ReadAnswer(socket, set, buffer, networks) || attempt == MostAttempts)
                return networks;
        }
    }

    private static byte[] Request(string table, string set)
    {
        var message = new List<byte>(new byte[HeaderSize]) { Inet, 0, 0, 0 };
        AddText(message, Table, table);
        AddText(message, Set, set);
        var bytes = message.ToArray();
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), Get);
        BitConverter.TryWriteBytes(bytes.AsSpan(6), Dump);
        return bytes;
    }

    private static void AddText(List<byte> message, ushort type, string text)
    {
        byte[] value = [.. Encoding.ASCII.GetBytes(text), 0];
        message.AddRange(BitConverter.GetBytes((ushort)(AttributeSize + value.Length)));
        message.AddRange(BitConverter.GetBytes(type));
        message.AddRange(value);
        while (message.Count % 4 != 0)
            message.Add(0);
    }

    /// <summary>Reads messages up to the last one.</summary>
    /// <returns>Whether rules were changed meanwhile, so that something may be missing.</returns>
    private static bool ReadAnswer(NetfilterSocket socket, NftablesSet set, byte[] buffer, List<IPNetwork> networks)
    {
        var wasInterrupted = false;
        while (true)
        {
            ReadOnlySpan<byte> received = buffer.AsSpan(0, socket.Read(buffer));
            while (received.Length >= HeaderSize)
            {
                var length = BitConverter.ToInt32(received);
                if (length < HeaderSize || length > received.Length)
                    throw Unreadable(set);
                var type = BitConverter.ToUInt16(received[4..]);
                var message = received[HeaderSize..length];
                wasInterrupted |= (BitConverter.ToUInt16(received[6..]) & WasInterrupted) != 0;
                if (type is Error or Done)
                {
                    var error = message.Length >= 4 ? -BitConverter.ToInt32(message) : 0;
                    return error is 0 or NotThere ? wasInterrupted : throw NetfilterSocket.Failed(error);
                }

                if (type == New && message.Length >= FamilySize)
                    ReadElements(message[FamilySize..], set, networks);
                received = received[Math.Min(Aligned(length), received.Length)..];
            }
        }
    }

    private static void ReadElements(ReadOnlySpan<byte> message, NftablesSet set, List<IPNetwork> networks)
    {
        var list = Find(message, Elements);
        while (TryTake(ref list, out var type, out var element))
        {
            if (type != Element)
                continue;
            var address = Find(Find(element, Key), Value);
            if (address.Length * 8 != set.Bits)
                throw Unreadable(set);
            networks.Add(new IPNetwork(new IPAddress(address), set.PrefixLength));
        }
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort wanted)
    {
        while (TryTake(ref attributes, out var type, out var value))
        {
            if (type == wanted)
                return value;
        }

        return default;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (attributes.Length < AttributeSize)
            return false;
        int length = BitConverter.ToUInt16(attributes);
        if (length < AttributeSize || length > attributes.Length)
            return false;
        type = (ushort)(BitConverter.ToUInt16(attributes[2..]) & TypeMask);
        value = attributes[AttributeSize..length];
        attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        return true;
    }

    private static int Aligned(int length) => (length + 3) & ~3;

    private static FirewallException Unreadable(NftablesSet set) =>
        new($"nftables: the kernel lists the set {set.Name} in a form that is not known: look at it with nft list set, or use another firewall");
}
