namespace BlockSmtp.Simulation;

/// <summary>What becomes of one call of a part that the engine uses.</summary>
internal enum Fate
{
    /// <summary>It is done when the call returns.</summary>
    AtOnce,

    /// <summary>It is done a moment later.</summary>
    Later,

    /// <summary>It takes long, and is done then.</summary>
    Slow,

    /// <summary>It fails, nothing is done.</summary>
    Fails,

    /// <summary>It fails, all is done.</summary>
    FailsAfterwards,

    /// <summary>It fails, a half is done.</summary>
    FailsHalfway,

    /// <summary>It takes long, then it fails.</summary>
    Hangs,

    /// <summary>It takes long, whoever gives up on it, then it fails.</summary>
    HangsDeaf,
}
