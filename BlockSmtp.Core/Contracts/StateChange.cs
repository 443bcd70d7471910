namespace BlockSmtp;

/// <summary>
/// What has changed since the last commit. Everything belongs to the same place in the log, so it must be committed together.
/// </summary>
public sealed record StateChange
{
    /// <summary>When the change was put together, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>
    /// Whether this is the whole state: then blocks, offenses and waiting transactions that are not in it are no more, only the
    /// history stays.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>How far the log was read; null when its source does not tell.</summary>
    public string? LogPosition { get; init; }

    /// <summary>
    /// Blocks that were made or have ended. A block is known by its network and the time it was made; one that is known already
    /// takes the place of what was known of it.
    /// </summary>
    public IReadOnlyList<BlockRecord> Blocks { get; init; } = [];

    /// <summary>Everything that still counts of hosts of which something has changed.</summary>
    public IReadOnlyList<HostOffenses> Offenses { get; init; } = [];

    /// <summary>Transactions of which something has changed; those that no longer wait have no offenses.</summary>
    public IReadOnlyList<WaitingTransaction> Waiting { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(StateChange), PrintMembers);
}
