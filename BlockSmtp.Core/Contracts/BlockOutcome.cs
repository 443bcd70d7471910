using System.Diagnostics.CodeAnalysis;

namespace BlockSmtp;

/// <summary>What came of a block that somebody has asked for.</summary>
/// <param name="Block">The block; null when it was refused.</param>
/// <param name="Refusal">Why it was refused, in words, such as <c>white-listed by 10.0.0.0/8</c>; null when it was not.</param>
public sealed record BlockOutcome(Block? Block, string? Refusal)
{
    /// <summary>Whether it is blocked, and <see cref="Block"/> is set.</summary>
    [MemberNotNullWhen(true, nameof(Block))]
    public bool IsBlocked => Block is not null;

    /// <summary>
    /// Whether <see cref="Block"/> is one that there was: it lasts longer than what was asked for, and nothing has changed.
    /// </summary>
    public bool IsKept { get; init; }
}
