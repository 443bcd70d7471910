using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Firewalls;

/// <summary>
/// The set of the networks of one family and prefix length. Every packet's address, cut to this length, is looked up in
/// it: that is constant in time for a hash set, where an interval set sends all its elements to the process for each one
/// that is added, and refuses a network inside another.
/// </summary>
internal readonly record struct NftablesSet(AddressFamily Family, int PrefixLength)
{
    /// <summary>Those that are always there: hosts, and the networks that a policy is likely to name.</summary>
    public static IReadOnlyList<NftablesSet> Usual { get; } =
    [
        new(AddressFamily.InterNetwork, 32), new(AddressFamily.InterNetworkV6, 128),
        new(AddressFamily.InterNetwork, 24), new(AddressFamily.InterNetworkV6, 64),
    ];

    public static NftablesSet Of(IPNetwork network) => new(network.BaseAddress.AddressFamily, network.PrefixLength);

    public string Name =>
        IsHosts ? FormattableString.Invariant($"hosts{Version}") : FormattableString.Invariant($"networks{Version}_{PrefixLength}");

    public string Type => IsIPv4 ? "ipv4_addr" : "ipv6_addr";

    /// <summary>What of a packet is looked up: <c>ip saddr &amp; 255.255.255.0</c>.</summary>
    public string Source => (IsIPv4 ? "ip saddr" : "ip6 saddr") + (IsHosts ? "" : $" & {Mask}");

    /// <summary>How many bits its addresses have.</summary>
    public int Bits => IsIPv4 ? 32 : 128;

    private bool IsIPv4 => Family == AddressFamily.InterNetwork;

    private int Version => IsIPv4 ? 4 : 6;

    private bool IsHosts => PrefixLength == Bits;

    private IPAddress Mask
    {
        get
        {
            Span<byte> mask = stackalloc byte[Bits / 8];
            for (var bit = 0; bit < PrefixLength; bit++)
                mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
            return new IPAddress(mask);
        }
    }

    /// <summary>Finds the set by its name; false for a name that is none of ours.</summary>
    public static bool TryParse(string name, out NftablesSet set)
    {
        set = name switch
        {
            "hosts4" => new(AddressFamily.InterNetwork, 32),
            "hosts6" => new(AddressFamily.InterNetworkV6, 128),
            _ when Length(name, "networks4_") is { } length => new(AddressFamily.InterNetwork, length),
            _ when Length(name, "networks6_") is { } length => new(AddressFamily.InterNetworkV6, length),
            _ => default,
        };
        return set.Family != default && set.PrefixLength <= set.Bits;
    }

    private static int? Length(string name, string start) =>
        name.StartsWith(start, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;
}
