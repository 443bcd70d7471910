namespace BlockSmtp.Diagnostics;

/// <summary>The state of an engine at one moment.</summary>
/// <param name="Counters">What it has counted.</param>
/// <param name="Blocks">How many networks are blocked.</param>
/// <param name="Transactions">How many transactions are remembered.</param>
/// <param name="Lookups">How often each <see cref="PeerLookupOutcome"/> came, by its number.</param>
internal readonly record struct EngineFigures(EngineCounters Counters, int Blocks, int Transactions, IReadOnlyList<long> Lookups)
{
    /// <summary>What there is to do with the fleet; null where there is none.</summary>
    public FleetReport? Fleet { get; init; }
}
