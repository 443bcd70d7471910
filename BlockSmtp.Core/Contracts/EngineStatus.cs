namespace BlockSmtp;

/// <summary>How an engine is doing, at one moment.</summary>
public sealed record EngineStatus
{
    /// <summary>When the engine began to run, UTC; null before that.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When this was asked, UTC.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>What has been counted so far.</summary>
    public EngineCounters Counters { get; init; } = new();

    /// <summary>How many networks are blocked.</summary>
    public int Blocks { get; init; }

    /// <summary>How many transactions of the mail server are remembered, of those that have offended.</summary>
    public int Transactions { get; init; }

    /// <summary>How many networks the white-list in force has.</summary>
    public int TrustedNetworks { get; init; }

    /// <summary>When lines were read last, UTC; null before the first.</summary>
    public DateTimeOffset? LastRead { get; init; }

    /// <summary>Lines a second, in the last minute.</summary>
    public double LinesPerSecond { get; init; }

    /// <summary>What came of the last look at the firewall; null before the first, which takes a block to look for.</summary>
    public FirewallComparison? LastComparison { get; init; }

    /// <summary>What it has to do with its fleet; null where it has none.</summary>
    public FleetReport? Fleet { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(EngineStatus), PrintMembers);
}
