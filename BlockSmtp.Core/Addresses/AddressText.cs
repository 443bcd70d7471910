using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Addresses;

/// <summary>Reads an IP address the strict way: four decimal parts, or IPv6. Nothing is ever resolved.</summary>
/// <remarks>
/// <see cref="IPAddress.TryParse(string, out IPAddress)"/> also takes <c>1.2</c>, <c>010.1.1.1</c> and
/// <c>0x7f.1</c>, which sendmail never writes.
/// </remarks>
internal static class AddressText
{
    // The longest: an IPv6 address that ends in a dotted IPv4 one.
    private const int Longest = 45;

    /// <summary>Reads an address; an IPv4-mapped IPv6 address becomes IPv4.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length is 0 or > Longest)
            return false;
        if (TryParse4(text, out var bits))
        {
            address = new IPAddress(bits);
            return true;
        }

        return text.Contains((byte)':') && TryParse6(text, out address);
    }

    /// <summary>The same as the key of a table, without an object where it is IPv4.</summary>
    public static bool TryParseKey(ReadOnlySpan<byte> text, out HostKey key)
    {
        if (text.Length <= Longest && TryParse4(text, out var bits))
        {
            key = HostKey.OfIPv4(BinaryPrimitives.ReverseEndianness(bits));
            return true;
        }

        if (TryParseGroups(text, out var high, out var low))
        {
            key = high == 0 && low >> 32 == 0xFFFF ? HostKey.OfIPv4((uint)low) : HostKey.OfIPv6(high, low);
            return true;
        }

        var isOne = TryParse(text, out var address);
        key = isOne ? HostKey.Of(address) : default;
        return isOne;
    }

    /// <summary>Reads <c>2001:db8:0:0:0:0:0:1</c>, as sendmail writes IPv6: eight parts of up to four hexadecimal digits.</summary>
    private static bool TryParseGroups(ReadOnlySpan<byte> text, out ulong high, out ulong low)
    {
        (high, low) = (0, 0);
        var at = 0;
        for (var group = 0; ; group++)
        {
            var (part, digits) = (0u, 0);
            for (; digits < 4 && at < text.Length && HexDigit(text[at]) is var digit and < 16; digits++, at++)
                part = (part << 4) | digit;
            if (digits == 0)
                return false;
            (high, low) = ((high << 16) | (low >> 48), (low << 16) | part);
            if (group == 7)
                return at == text.Length;
            if (at >= text.Length || text[at] != ':')
                return false;
            at++;
        }
    }

    /// <summary>What a hexadecimal digit stands for; 16 or more of another character.</summary>
    private static uint HexDigit(byte letter)
    {
        var digit = letter - (uint)'0';
        var small = (letter | 0x20u) - 'a';
        return digit <= 9 ? digit : small < 6 ? small + 10 : 16;
    }

    /// <summary>Reads <c>a.b.c.d</c>: four decimal parts of up to three digits without a leading zero.</summary>
    private static bool TryParse4(ReadOnlySpan<byte> text, out uint networkOrder)
    {
        networkOrder = 0;
        var (address, at) = (0u, 0);
        for (var dots = 0; ; dots++)
        {
            if (at >= text.Length || text[at] - (uint)'0' is var part && part > 9)
                return false;
            at++;
            // No digit follows a leading zero, and no fourth one.
            for (var more = part == 0 ? 0 : 2; more > 0 && at < text.Length && text[at] - (uint)'0' is var digit and <= 9; more--, at++)
                part = (part * 10) + digit;
            if (part > 255)
                return false;
            address = (address << 8) | part;
            if (dots == 3)
                break;
            if (at >= text.Length || text[at] != '.')
                return false;
            at++;
        }

        networkOrder = BinaryPrimitives.ReverseEndianness(address);
        return at == text.Length;
    }

    private static bool TryParse6(ReadOnlySpan<byte> text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<char> chars = stackalloc char[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            // Neither a scope (%eth0) nor a port nor brackets belong to an address.
            if (!char.IsAsciiHexDigit((char)text[i]) && text[i] is not ((byte)':' or (byte)'.'))
                return false;
            chars[i] = (char)text[i];
        }

        if (!IPAddress.TryParse(chars, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return true;
    }
}
