using System.Net;

namespace BlockSmtp;

/// <summary>
/// Answers what is blocked and what was, and why. May be asked by another process while an engine writes: neither waits for
/// the other.
/// </summary>
public interface IBlockHistory
{
    /// <summary>Finds blocks, the latest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The blocks, those that are over with when and why.</returns>
    /// <exception cref="BlockStoreException">The store cannot be read; the message says why and how to mend it.</exception>
    ValueTask<IReadOnlyList<BlockRecord>> FindAsync(HistoryQuery query, CancellationToken cancellationToken = default);

    /// <summary>What a host has done that does not suffice for a block, or not yet; the oldest first.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The offenses that still count; none when it is blocked, for then its block tells.</returns>
    /// <exception cref="BlockStoreException">The store cannot be read; the message says why and how to mend it.</exception>
    ValueTask<IReadOnlyList<Offense>> FindOffensesAsync(IPAddress host, CancellationToken cancellationToken = default);
}
