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

        var isOne = TryParse(text, out var address);
        key = isOne ? HostKey.Of(address) : default;
        return isOne;
    }

    /// <summary>Reads <c>a.b.c.d</c>: four decimal parts of up to three digits without a leading zero.</summary>
    private static bool TryParse4(ReadOnlySpan<byte> text, out uint networkOrder)
    {
        networkOrder = 0;
        var (address, part, digits, dots) = (0u, 0u, 0, 0);
        foreach (var letter in text)
        {
            var digit = letter - (uint)'0';
            if (digit <= 9)
            {
                // Neither a fourth digit, nor one after a leading zero.
                if (digits == 3 || (digits > 0 && part == 0))
                    return false;
                part = (part * 10) + digit;
                digits++;
            }
            else if (letter == '.' && digits > 0 && part <= 255 && dots < 3)
            {
                address = (address << 8) | part;
                (part, digits) = (0, 0);
                dots++;
            }
            else
            {
                return false;
            }
        }

        networkOrder = BinaryPrimitives.ReverseEndianness((address << 8) | part);
        return dots == 3 && digits > 0 && part <= 255;
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
