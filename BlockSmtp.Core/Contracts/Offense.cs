using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>One wrong guess, with the host that made it.</summary>
/// <param name="Peer">The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</param>
/// <param name="Time">When it happened: the time of arrival in a running daemon, the stamp in the log in a replay. UTC.</param>
/// <param name="Kind">What was guessed with.</param>
public readonly record struct Offense(IPAddress Peer, DateTimeOffset Time, OffenseKind Kind)
{
    /// <summary>The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</summary>
    public IPAddress Peer
    {
        get;
        init => (field, Key) = (value, HostKey.Of(value));
    } = Peer;

    /// <summary>What told the host.</summary>
    public PeerSource Source { get; init; }

    /// <summary>
    /// The name that was tried, as the client wrote it but made printable and cut at 100 characters; null unless
    /// <see cref="DetectionOptions.KeepRecipients"/> is set, and for some of many that waited for their host.
    /// </summary>
    public string? Recipient { get; init; }

    /// <summary>The host as a key: several tables are asked for it, so it is made once.</summary>
    internal HostKey Key { get; private init; } = HostKey.Of(Peer);
}
