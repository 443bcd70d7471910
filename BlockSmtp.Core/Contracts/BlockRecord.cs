namespace BlockSmtp;

/// <summary>A block as the history has it.</summary>
/// <param name="Block">The block.</param>
/// <param name="ReleasedAt">When it ended, UTC; null while it is in force.</param>
/// <param name="ReleaseReason">Why it ended; null while it is in force.</param>
public sealed record BlockRecord(Block Block, DateTimeOffset? ReleasedAt = null, ReleaseReason? ReleaseReason = null)
{
    /// <summary>Whether nobody has ended it.</summary>
    public bool IsCurrent => ReleasedAt is null;

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(BlockRecord), PrintMembers);
}
