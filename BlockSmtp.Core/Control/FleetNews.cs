namespace BlockSmtp.Control;

/// <summary>What a daemon has to say to its fleet.</summary>
/// <param name="Words">The words, in order.</param>
/// <param name="Last">The number of the last one, to hear on from.</param>
/// <param name="IsWhole">Whether these are all of its blocks that are in force, as after a new connection, and not what is new.</param>
public sealed record FleetNews(IReadOnlyList<FleetWord> Words, long Last, bool IsWhole);
