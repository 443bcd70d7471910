using System.Net;

namespace BlockSmtp.Simulation;

/// <summary>Who speaks to the mail server.</summary>
internal sealed class Hosts
{
    private static readonly IPAddress Trusted = IPAddress.Parse("198.51.100.5");

    private int _networks;

    public IPAddress[] All { get; } =
        [.. Enumerable.Range(20, 6).Select(number => IPAddress.Parse($"203.0.113.{number}")), IPAddress.Parse("2001:db8::20"), Trusted];

    public WhiteList WhiteList { get; } = new([IPNetwork.Parse("198.51.100.0/24")]);

    public static bool IsTrusted(IPAddress host) => host.Equals(Trusted);

    /// <summary>Whether a host may have been forgotten for the flood: one of its family.</summary>
    public bool MayBeForgotten(IPAddress host) => _networks > 0 && host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    /// <summary>One of a flood of addresses of IPv6.</summary>
    public IPAddress NextOfFlood() => IPAddress.Parse(FormattableString.Invariant($"2001:db8:1:{++_networks:x}::1"));
}
