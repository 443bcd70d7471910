namespace BlockSmtp.Control;

/// <summary>What a daemon has to say to its fleet.</summary>
public sealed record FleetNews
{
    /// <summary>The words, in order.</summary>
    public required IReadOnlyList<FleetWord> Words { get; init; }

    /// <summary>The number of the last one, to hear on from.</summary>
    public required long Last { get; init; }

    /// <summary>Whether these are all of its blocks that are in force, as after a new connection, and not what is new.</summary>
    public required bool IsWhole { get; init; }
}
