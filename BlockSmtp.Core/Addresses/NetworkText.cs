using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>Reads networks as an administrator writes them: <c>10.0.0.0/8</c>, <c>2001:db8::1</c>; host bits may be set.</summary>
public static class NetworkText
{
    private const int MappedPrefix = 96;

    /// <summary>Reads a network.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network, of an IPv4-mapped IPv6 address that of the IPv4 one.</param>
    /// <returns>False when the text is none.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        var host = slash < 0 ? text : text[..slash];
        if (host.Length > 45 || !Ascii.IsValid(host))
            return false;
        Span<byte> bytes = stackalloc byte[host.Length];
        _ = Ascii.FromUtf16(host, bytes, out _);
        if (!AddressText.TryParse(bytes, out var address))
            return false;
        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = width;
        if (slash >= 0)
        {
            var digits = text[(slash + 1)..];
            if (digits.Length is 0 or > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out length))
                return false;
            // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
            if (width == 32 && host.Contains(':'))
                length -= MappedPrefix;
            if (length < 0 || length > width)
                return false;
        }

        network = Masked(address, length);
        return true;
    }

    /// <summary>Says of a text that is no network what it looks like, and what would be right.</summary>
    /// <param name="text">The text.</param>
    /// <returns>A sentence such as <c>a network mask: write 192.0.2.0/24</c>; null where it looks like nothing that is known.</returns>
    public static string? Mistake(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NetworkMistake.Of(text.Trim());
    }

    /// <summary>The network that an address is in.</summary>
    internal static IPNetwork Masked(IPAddress address, int length)
    {
        var network = new IPNetwork2(address, (byte)length);
        return new IPNetwork(network.Network, length);
    }

    /// <summary>The IPv4 network that an IPv4-mapped IPv6 network stands for; any other as it is.</summary>
    internal static IPNetwork Unmap(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefix
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefix)
            : network;

    /// <summary>As a person writes it: a single host without its prefix length.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The text; <see cref="TryParse"/> reads it.</returns>
    public static string Show(IPNetwork network) => IsHost(network) ? network.BaseAddress.ToString() : network.ToString();

    /// <summary>Whether it is a single host's.</summary>
    internal static bool IsHost(IPNetwork network) =>
        network.PrefixLength == (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
}
