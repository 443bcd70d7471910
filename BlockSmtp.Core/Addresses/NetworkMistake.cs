using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace BlockSmtp.Addresses;

/// <summary>What a text looks like that should be a network, and what would be right.</summary>
internal static class NetworkMistake
{
    private const int MostNetworks = 6;

    public static string? Of(string text) =>
        Range(text) ?? Mask(text) ?? Length(text) ?? Wildcard(text) ?? Decorated(text) ?? Several(text) ?? Name(text);

    private static string? Range(string text)
    {
        if (text.Split('-') is not [var first, var last] || Plain(first.Trim()) is not { AddressFamily: AddressFamily.InterNetwork } from)
            return null;
        last = last.Trim();
        var to = last.Length is > 0 and <= 3 && last.All(char.IsAsciiDigit)
            ? Plain(first.Trim()[..(first.Trim().LastIndexOf('.') + 1)] + last) : Plain(last);
        if (to is not { AddressFamily: AddressFamily.InterNetwork } || Number(from) > Number(to))
            return "it looks like a range: write the networks that it consists of, one a line, such as 192.0.2.0/24";
        var networks = Cover(Number(from), Number(to));
        return networks.Count <= MostNetworks
            ? $"it looks like a range: write {string.Join(", ", networks)}, one a line"
            : $"it looks like a range: write the {networks.Count} networks that it consists of, one a line, from {networks[0]} on";
    }

    private static string? Mask(string text)
    {
        if (text.Split(['/', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is not [var host, .. var words, var mask]
            || words.Any(word => word != "netmask"))
            return null;
        if (Plain(host) is not { AddressFamily: AddressFamily.InterNetwork } address
            || Plain(mask) is not { AddressFamily: AddressFamily.InterNetwork } bits)
            return null;
        var (ones, zeros) = (Number(bits), ~Number(bits));
        // A mask, or the wild-card mask of a router, which is its opposite.
        if (BitOperations.LeadingZeroCount(zeros) + BitOperations.TrailingZeroCount(ones) >= 32 && ones != 0 && (zeros & (zeros + 1)) == 0)
            return $"it looks like a network mask: write {NetworkText.Masked(address, BitOperations.PopCount(ones))}";
        return (ones & (ones + 1)) == 0
            ? $"it looks like a wild-card mask: write {NetworkText.Masked(address, 32 - BitOperations.PopCount(ones))}" : null;
    }

    private static string? Length(string text)
    {
        if (text.Split('/') is not [var host, var length] || Plain(host) is not { } address)
            return null;
        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return $"'{Cut(length)}' is no length of a prefix: write {host}/{most} for the host alone, or a smaller number for a network";
    }

    private static string? Wildcard(string text)
    {
        var parts = text.TrimEnd('.').Split('.');
        var stars = parts.AsEnumerable().Reverse().TakeWhile(part => part is "*" or "x" or "X" or "").Count();
        var numbers = parts[..^stars];
        if (numbers.Length is 0 or > 3 || !numbers.All(part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return null;
        if (parts.Length == 1 && stars == 0 && !text.Contains('.'))
            return null;
        var network = string.Join('.', [.. numbers, .. Enumerable.Repeat("0", 4 - numbers.Length)]) + $"/{numbers.Length * 8}";
        return stars > 0
            ? $"it looks like a wildcard: write {network}" : $"it looks like the beginning of an address: write {network} for all of them";
    }

    /// <summary>An address with something about it that belongs elsewhere.</summary>
    private static string? Decorated(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']') is > 0 and var end && Plain(text[1..end]) is { } bracketed)
            return $"it looks like an address in brackets: write {bracketed}";
        if (text.Split(':') is [var host, var port] && port.All(char.IsAsciiDigit) && Plain(host) is { } address)
            return $"it looks like an address with a port: write {address}, which counts for all ports";
        if (text.Split('%') is [var scoped, _] && Plain(scoped) is { } local)
            return $"it looks like an address with an interface: write {local}";
        return null;
    }

    private static string? Several(string text)
    {
        var words = text.Split([',', ';', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && words.All(word => NetworkText.TryParse(word, out _))
            ? "these are several: write each on a line of its own"
            : words is [_, "until", ..] && NetworkText.TryParse(words[0], out _)
                ? $"behind 'until' stands a day: write {words[0]} until 2026-12-31"
            : words.Length > 1 && NetworkText.TryParse(words[0], out _) ? $"something stands behind {words[0]}: a comment begins with #"
            : null;
    }

    private static string? Name(string text)
    {
        if (text.Contains('@'))
            return "it looks like a mail address: hosts are named by the addresses that they connect from, such as 192.0.2.25";
        var isName = text.Length is > 0 and <= 253 && text.Any(char.IsLetter) && !text.Contains(':')
            && text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '*');
        return isName ? $"it looks like a host name: write its addresses, which 'getent ahosts {text.TrimStart('*', '.')}' lists" : null;
    }

    private static IPAddress? Plain(string text) =>
        !text.Contains('/') && NetworkText.TryParse(text, out var network) ? network.BaseAddress : null;

    private static string Cut(string text) => text.Length > 20 ? text[..20] + "…" : text;

    private static uint Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>The fewest networks that a range consists of.</summary>
    private static List<string> Cover(ulong first, ulong last)
    {
        List<string> networks = [];
        Span<byte> bytes = stackalloc byte[4];
        while (first <= last)
        {
            var bits = first == 0 ? 32 : Math.Min(32, BitOperations.TrailingZeroCount(first));
            while (first + (1UL << bits) - 1 > last)
                bits--;
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)first);
            networks.Add(NetworkText.Show(new IPNetwork(new IPAddress(bytes), 32 - bits)));
            first += 1UL << bits;
        }

        return networks;
    }
}
