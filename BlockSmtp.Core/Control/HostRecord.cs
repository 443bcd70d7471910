namespace BlockSmtp.Control;

/// <summary>What there is to say of a host: how it stands with it now, and how it stood with it before.</summary>
/// <param name="Explanation">Why it is blocked, or is not.</param>
/// <param name="Earlier">The blocks of the host that are over, the latest first; null where no history is kept.</param>
public sealed record HostRecord(HostExplanation Explanation, IReadOnlyList<BlockRecord>? Earlier);
