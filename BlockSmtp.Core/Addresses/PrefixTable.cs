using System.Buffers.Binary;
using System.Net;

namespace BlockSmtp.Addresses;

/// <summary>
/// Longest-prefix look-up for the addresses of one family: a hash set for each prefix length that occurs, the longest
/// asked first. The cost depends on how many different lengths there are, at most 33 or 129, not on how many networks.
/// </summary>
internal sealed class PrefixTable
{
    private readonly int _width;
    private readonly SortedDictionary<int, HashSet<UInt128>> _byLength = new(Comparer<int>.Create((a, b) => b.CompareTo(a)));

    // The same in the order of asking; a SortedDictionary allocates to enumerate.
    private (int Length, HashSet<UInt128> Prefixes)[] _order = [];

    /// <param name="width">How many bits an address has: 32 or 128.</param>
    public PrefixTable(int width) => _width = width;

    /// <param name="other">One to begin with.</param>
    public PrefixTable(PrefixTable other)
        : this(other._width)
    {
        foreach (var (length, prefixes) in other._byLength)
            _byLength.Add(length, [.. prefixes]);
        _order = [.. _byLength.Select(entry => (entry.Key, entry.Value))];
        Count = other.Count;
    }

    public int Count { get; private set; }

    /// <summary>The bits of an address as a number.</summary>
    public static UInt128 BitsOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public void Add(UInt128 address, int length)
    {
        if (!_byLength.TryGetValue(length, out var prefixes))
        {
            _byLength.Add(length, prefixes = []);
            _order = [.. _byLength.Select(entry => (entry.Key, entry.Value))];
        }

        if (prefixes.Add(Prefix(address, length)))
            Count++;
    }

    /// <summary>The length of the longest prefix that an address has; null when it has none.</summary>
    public int? Find(UInt128 address)
    {
        foreach (var (length, prefixes) in _order)
        {
            if (prefixes.Contains(Prefix(address, length)))
                return length;
        }

        return null;
    }

    /// <summary>Some prefix that begins with another, no longer one. Looks at all that are longer: not for every line.</summary>
    public (UInt128 Address, int Length)? FindWithin(UInt128 address, int length)
    {
        var outer = Prefix(address, length);
        foreach (var (longer, prefixes) in _order)
        {
            if (longer < length)
                break;
            if (longer == length)
                return prefixes.Contains(outer) ? (outer << (_width - length), length) : null;
            foreach (var prefix in prefixes)
            {
                var bits = longer == 0 ? 0 : prefix << (_width - longer);
                if (Prefix(bits, length) == outer)
                    return (bits, longer);
            }
        }

        return null;
    }

    private UInt128 Prefix(UInt128 address, int length) => length == 0 ? 0 : address >> (_width - length);
}
