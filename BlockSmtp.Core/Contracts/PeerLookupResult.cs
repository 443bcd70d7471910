using System.Net;

namespace BlockSmtp;

/// <summary>The answer of an <see cref="IPeerLookup"/>.</summary>
public readonly record struct PeerLookupResult
{
    private PeerLookupResult(PeerLookupOutcome outcome, IPAddress? peer)
    {
        Outcome = outcome;
        Peer = peer;
    }

    /// <summary>How the look-up went.</summary>
    public PeerLookupOutcome Outcome { get; }

    /// <summary>
    /// The client's address, IPv4-mapped ones unmapped; null unless <see cref="Outcome"/> is <see cref="PeerLookupOutcome.Found"/>.
    /// </summary>
    public IPAddress? Peer { get; }

    /// <summary>The client was found.</summary>
    /// <param name="peer">Its address; an IPv4-mapped one is unmapped.</param>
    /// <returns>The result.</returns>
    public static PeerLookupResult Found(IPAddress peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return new(PeerLookupOutcome.Found, peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);
    }

    /// <summary>The client was not found.</summary>
    /// <param name="outcome">Why; anything but <see cref="PeerLookupOutcome.Found"/>.</param>
    /// <returns>The result.</returns>
    public static PeerLookupResult NotFound(PeerLookupOutcome outcome) =>
        outcome == PeerLookupOutcome.Found
            ? throw new ArgumentException("A peer that was found has an address.", nameof(outcome))
            : new(outcome, null);
}
