namespace BlockSmtp.Control;

/// <summary>What there is to say of a network: how it stands with it now, and how it stood with it before.</summary>
/// <param name="Explanation">Why it is blocked, or is not.</param>
/// <param name="Earlier">The blocks of exactly this network that are over, the latest first; null where no history is kept.</param>
public sealed record NetworkRecord(NetworkExplanation Explanation, IReadOnlyList<BlockRecord>? Earlier);
