namespace BlockSmtp;

/// <summary>
/// Several mail servers with one memory: carries words from an engine to those of other hosts, and theirs to it. What it
/// carries is untrusted: the engine holds each word against its own white-list, its own addresses and its
/// <see cref="FleetLimits"/> before it acts on it.
/// </summary>
/// <remarks>
/// Nothing that decides waits for a fleet. While its server is away an implementation goes on alone, and catches up afterwards: what was
/// announced and is in force still is said again until it is known to have arrived. A word may arrive twice, so an implementation lets each
/// fact through once; blocks and releases may be repeated.
/// </remarks>
public interface IFleet
{
    /// <summary>
    /// Says a word to all others. Never waits and never throws; called in the engine's turn, in order. Of blocks and releases the latest of
    /// each network is kept until it has arrived or is over; of facts as many as there is room for, the latest.
    /// </summary>
    /// <param name="word">The word. Its <see cref="FleetWord.Node"/> is for the implementation to set.</param>
    void Announce(FleetWord word);

    /// <summary>
    /// Hears what the others say: first all of their blocks that are in force, then their words in the order in which they were said, a
    /// batch at a time. Facts from before the first call are not among them. Never this engine's own words. Goes on by itself when the
    /// server has been away; to hear again what is in force, call it again.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration, which then just ends or throws an
    /// <see cref="OperationCanceledException"/>.</param>
    /// <returns>The batches, none of them empty. Each is done with when the next one is asked for.</returns>
    IAsyncEnumerable<IReadOnlyList<FleetWord>> ListenAsync(CancellationToken cancellationToken);

    /// <summary>How it is doing. May be asked from any thread, and costs little.</summary>
    FleetStatus Status { get; }
}
