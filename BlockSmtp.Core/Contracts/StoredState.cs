namespace BlockSmtp;

/// <summary>What an <see cref="IBlockStore"/> has kept.</summary>
public sealed record StoredState
{
    /// <summary>The state of an engine that has never run.</summary>
    public static StoredState Empty { get; } = new();

    /// <summary>
    /// How far the log was read, in the words of its source (<see cref="IResumableLogSource"/>); null when that is not known.
    /// </summary>
    public string? LogPosition { get; init; }

    /// <summary>The blocks that nobody has ended, in any order; the time of some may be over by now.</summary>
    public IReadOnlyList<Block> Blocks { get; init; } = [];

    /// <summary>What hosts that are not blocked have done, in any order.</summary>
    public IReadOnlyList<HostOffenses> Offenses { get; init; } = [];

    /// <summary>Transactions whose host is not known yet, in any order.</summary>
    public IReadOnlyList<WaitingTransaction> Waiting { get; init; } = [];
}
