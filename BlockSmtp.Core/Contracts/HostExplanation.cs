using System.Net;

namespace BlockSmtp;

/// <summary>What an engine knows of one host: why it is blocked, or why not.</summary>
/// <param name="Host">The host.</param>
public sealed record HostExplanation(IPAddress Host)
{
    /// <summary>The block of the host, or the narrowest of a network that it is in; null when it is not blocked.</summary>
    public Block? Block { get; init; }

    /// <summary>Why it is never blocked, in words, such as <c>white-listed by 10.0.0.0/8</c>; null when it may be.</summary>
    public string? Trusted { get; init; }

    /// <summary>Where the white-list says so, as <c>FILE:LINE</c>; null where it does not, or was not read from a file.</summary>
    public string? TrustedAt { get; init; }

    /// <summary>
    /// What it has done since it was last blocked, oldest first, of many the last <see cref="Evidence.MaxRecipients"/>, or with a store the
    /// last 10,000. Empty where neither <see cref="DetectionOptions.KeepRecipients"/> nor a store is set. Some may be too old to count.
    /// </summary>
    public IReadOnlyList<Offense> Offenses { get; init; } = [];
}
