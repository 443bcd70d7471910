namespace BlockSmtp.Scoring;

/// <summary>What came of the hosts of one kind.</summary>
internal sealed class KindScore
{
    internal KindScore(string kind, bool isGuesser)
    {
        Kind = kind;
        IsGuesser = isGuesser;
    }

    /// <summary>The kind.</summary>
    public string Kind { get; }

    /// <summary>Whether it guesses.</summary>
    public bool IsGuesser { get; }

    /// <summary>How many hosts there are.</summary>
    public int Hosts { get; internal set; }

    /// <summary>How many of them were blocked while they had something to do there.</summary>
    public int Blocked { get; internal set; }

    /// <summary>How many recipients they asked for.</summary>
    public long Asked { get; internal set; }

    /// <summary>Of guessers: how many of these were answered. Of innocents: how many recipients of messages met a block.</summary>
    public long Lost { get; internal set; }

    /// <summary>
    /// Of guessers with <see cref="Score.Persistence"/> names or more: how many guesses were answered before the first block, in the
    /// middle.
    /// </summary>
    public double LeakMedian => Score.Rank(Leaks, 50);

    internal List<double> Leaks { get; } = [];

    internal void Add(KindScore other)
    {
        Leaks.AddRange(other.Leaks);
        Hosts += other.Hosts;
        Blocked += other.Blocked;
        Asked += other.Asked;
        Lost += other.Lost;
    }
}
