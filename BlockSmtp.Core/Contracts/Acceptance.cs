using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp;

/// <summary>Mail that was taken from a host: what it did right, as an <see cref="Offense"/> is what it did wrong.</summary>
/// <param name="Peer">The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</param>
/// <param name="Time">When it happened: the time of arrival in a running daemon, the stamp in the log in a replay. UTC.</param>
/// <param name="Recipients">How many recipients it was for; at least 1, and 1 for a delivery.</param>
public readonly record struct Acceptance(IPAddress Peer, DateTimeOffset Time, int Recipients)
{
    private readonly HostKey _key;

    /// <summary>The host. IPv4 addresses are always plain IPv4, never IPv4-mapped IPv6.</summary>
    public IPAddress Peer
    {
        // Of mail that is taken all day nobody may ever want to know.
        get => field ?? (_key.IsNone ? null! : _key.ToAddress());
        init;
    } = Peer;

    /// <summary>Whether a message was taken, or has reached one of its recipients.</summary>
    public AcceptanceKind Kind { get; init; }

    /// <summary>Whose mail it was.</summary>
    public SenderKind Sender { get; init; }

    /// <summary>What told the host.</summary>
    public PeerSource Source { get; init; }

    /// <summary>
    /// The recipient of a delivery as a number: equal for equal names (without case, domain and what follows a plus sign) within a run of
    /// the program, 0 where it is not known. A client cannot choose names that share one.
    /// </summary>
    public ulong RecipientKey { get; init; }

    /// <summary>
    /// The transaction that brought it, as a number (<see cref="Offense.Transaction"/>); 0 where it is not known, and for a delivery.
    /// </summary>
    public ulong Transaction { get; init; }

    /// <summary>Whether this is the first delivery of its message.</summary>
    internal bool IsFirst { get; init; }

    /// <summary>The host of the fleet that has seen it; null for this one.</summary>
    internal string? Node { get; init; }

    /// <summary>The host as a key, where that is what is known of it.</summary>
    internal HostKey Key
    {
        get => _key.IsNone && Peer is { } peer ? HostKey.Of(peer) : _key;
        init => _key = value;
    }

    /// <inheritdoc/>
    public bool Equals(Acceptance other) =>
        Key.Equals(other.Key) && (Time, Recipients, Kind, Sender, Source, RecipientKey, Transaction)
            == (other.Time, other.Recipients, other.Kind, other.Sender, other.Source, other.RecipientKey, other.Transaction)
        && Node == other.Node;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Time, Recipients, Kind, RecipientKey, Transaction);

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(Acceptance), PrintMembers);
}
