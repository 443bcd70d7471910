using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Sendmail;

/// <summary>Reads an IP address the strict way: four decimal parts, or IPv6. Nothing is ever resolved.</summary>
/// <remarks><see cref="IPAddress.TryParse(string, out IPAddress)"/> also takes <c>1.2</c>, <c>010.1.1.1</c> and <c>0x7f.1</c>, which sendmail never writes.</remarks>
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

    /// <summary>Reads <c>a.b.c.d</c>: four decimal parts of up to three digits without a leading zero.</summary>
    private static bool TryParse4(ReadOnlySpan<byte> text, out uint networkOrder)
    {
        networkOrder = 0;
        Span<byte> parts = stackalloc byte[4];
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (at == text.Length || text[at++] != '.'))
                return false;
            var start = at;
            var value = 0;
            while (at < text.Length && at - start < 3 && text[at] - (uint)'0' <= 9)
                value = (value * 10) + (text[at++] - '0');
            if (at == start || value > 255 || (at - start > 1 && text[start] == '0'))
                return false;
            parts[part] = (byte)value;
        }

        networkOrder = BitConverter.ToUInt32(parts);
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
