using System.Net;
using System.Runtime.InteropServices;

namespace BlockSmtp.Addresses;

/// <summary>
/// Reads addresses, and remembers some by their text: the same hosts come again and again, and to compare a text is quicker than
/// to read it and make an object of it.
/// </summary>
internal sealed class AddressCache
{
    // A few times as many as there are hosts busy at a time, for two of them cannot have one place: 2^14.
    private const int PlaceBits = 14;

    // Two words that overlap hold all of a text of 8 to 15 characters: nearly every IPv4 address.
    private const int Shortest = sizeof(ulong);
    private const int Longest = (2 * sizeof(ulong)) - 1;

    private readonly Known[] _known = new Known[1 << PlaceBits];

    private struct Known
    {
        public ulong Head;
        public ulong Tail;
        public int Length;
        public uint IPv4;
        public IPAddress Address;
    }

    /// <summary>Reads an address as <see cref="AddressText"/> does.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out IPAddress address) => TryParse(text, out address, out _);

    /// <summary>The same, with the address as the key of a table, for which its object need not be looked at.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out IPAddress address, out HostKey key)
    {
        if (text.Length is < Shortest or > Longest)
            return TryParseRare(text, out address, out key);
        var head = MemoryMarshal.Read<ulong>(text);
        var tail = MemoryMarshal.Read<ulong>(text[^sizeof(ulong)..]);
        ref var known = ref _known[((head * 0x9E3779B97F4A7C15) ^ (tail * 0xD6E8FEB86659FD93)) >> (64 - PlaceBits)];
        if (known.Head == head && known.Tail == tail && known.Length == text.Length)
        {
            (address, key) = (known.Address, HostKey.OfIPv4(known.IPv4));
            return true;
        }

        if (!TryParseRare(text, out address, out key))
            return false;
        if (key.IsIPv4)
            known = new Known { Head = head, Tail = tail, Length = text.Length, IPv4 = key.IPv4, Address = address };
        return true;
    }

    private static bool TryParseRare(ReadOnlySpan<byte> text, out IPAddress address, out HostKey key)
    {
        var isOne = AddressText.TryParse(text, out address);
        key = isOne ? HostKey.Of(address) : default;
        return isOne;
    }
}
