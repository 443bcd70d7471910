using System.Net;

namespace BlockSmtp.Control;

/// <summary>A block that a daemon is asked for.</summary>
/// <param name="Network">Whom to block; a single host is a network of full prefix length.</param>
public sealed record BlockWish(IPNetwork Network)
{
    /// <summary>For how long, at least a second; null for the daemon's own block time.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Why, in words for a person; null for who has asked.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether a block of the same network that lasts longer gives way. Default: it stays as it is.</summary>
    public bool Shortens { get; init; }

    /// <summary>On whose behalf root asks; of anybody else it is ignored.</summary>
    public string? By { get; init; }
}
