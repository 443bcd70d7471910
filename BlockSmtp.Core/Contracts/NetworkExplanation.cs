using System.Net;

namespace BlockSmtp;

/// <summary>What an engine knows of one network: whether it is blocked as a whole, and who is in it.</summary>
/// <param name="Network">The network.</param>
public sealed record NetworkExplanation(IPNetwork Network)
{
    /// <summary>The block of the network, or the narrowest of a wider one; null when it is not blocked as a whole.</summary>
    public Block? Block { get; init; }

    /// <summary>The blocks of hosts and networks within it, in any order.</summary>
    public IReadOnlyList<Block> Within { get; init; } = [];

    /// <summary>Why it is never blocked as a whole, in words, such as <c>white-listed by 10.0.0.0/8</c>; null when it may be.</summary>
    public string? Trusted { get; init; }

    /// <summary>Where the white-list says so, as <c>FILE:LINE</c>; null where it does not, or was not read from a file.</summary>
    public string? TrustedAt { get; init; }
}
