namespace BlockSmtp.Scoring;

/// <summary>How well somebody has told guessers from innocents. Several can be summed up.</summary>
internal sealed class Score
{
    /// <summary>From so many different wrong names on, a guesser is one that every rule should find.</summary>
    public const int Persistence = 4;

    private readonly SortedDictionary<string, KindScore> _kinds = new(StringComparer.Ordinal);

    internal Score()
    {
    }

    /// <summary>How many hosts guess.</summary>
    public int Guessers { get; internal set; }

    /// <summary>How many of these were blocked before they were done.</summary>
    public int GuessersBlocked { get; internal set; }

    /// <summary>How many hosts guess and have tried <see cref="Persistence"/> different wrong names or more.</summary>
    public int Persistent { get; internal set; }

    /// <summary>How many of these were blocked before they were done.</summary>
    public int PersistentBlocked { get; internal set; }

    /// <summary>How many hosts are innocent.</summary>
    public int Innocents { get; internal set; }

    /// <summary>How many of these were blocked.</summary>
    public int InnocentsBlocked { get; internal set; }

    /// <summary>How many recipients the messages of innocents had that the mail server would have taken.</summary>
    public long Accepted { get; internal set; }

    /// <summary>How many of these met a block.</summary>
    public long Harmed { get; internal set; }

    /// <summary>How many recipients guessers asked for.</summary>
    public long Guesses { get; internal set; }

    /// <summary>How many of these were answered.</summary>
    public long GuessesAnswered { get; internal set; }

    /// <summary>
    /// How many different names that exist guessers would have learnt had nobody blocked anybody; where the names are known.
    /// </summary>
    public int NamesToLearn { get; internal set; }

    /// <summary>How many of these they have learnt.</summary>
    public int NamesLearnt { get; internal set; }

    /// <summary>How many blocks of a single host are of one that nobody has said anything of; they count for nothing.</summary>
    public int Unlabelled { get; internal set; }

    /// <summary>Of all hosts that were blocked, the share that guesses; not a number when there is none.</summary>
    public double Precision => (double)GuessersBlocked / (GuessersBlocked + InnocentsBlocked);

    /// <summary>The share that was blocked of the guessers with <see cref="Persistence"/> names or more.</summary>
    public double Recall => (double)PersistentBlocked / Persistent;

    /// <summary>The share of all guessers that was blocked, those with a single try too.</summary>
    public double RecallOfAll => (double)GuessersBlocked / Guessers;

    /// <summary>Of ten thousand recipients that innocents would have reached, how many met a block.</summary>
    public double HarmPer10000 => 10_000.0 * Harmed / Accepted;

    /// <summary>
    /// How many guesses a guesser with <see cref="Persistence"/> names or more had answered before its first block: in the middle.
    /// </summary>
    public double LeakMedian => Rank(Leaks, 50);

    /// <summary>The same of the worst one in twenty.</summary>
    public double LeakHigh => Rank(Leaks, 95);

    /// <summary>
    /// How many seconds lie between the first question of such a guesser and its first block, in the middle; of those that were blocked.
    /// </summary>
    public double DelayMedian => Rank(Delays, 50);

    /// <summary>The same by kinds of hosts.</summary>
    public IReadOnlyCollection<KindScore> Kinds => _kinds.Values;

    internal List<double> Leaks { get; } = [];

    internal List<double> Delays { get; } = [];

    /// <summary>Several logs as one.</summary>
    /// <param name="scores">The score of each.</param>
    /// <returns>The sum; ranks are of all guessers together.</returns>
    public static Score Sum(IEnumerable<Score> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var sum = new Score();
        foreach (var score in scores)
            sum.Add(score);
        return sum;
    }

    internal KindScore KindOf(HostTruth host)
    {
        if (!_kinds.TryGetValue(host.Kind, out var kind))
            _kinds[host.Kind] = kind = new KindScore(host.Kind, host.IsGuesser);
        return kind;
    }

    /// <summary>The smallest value that so many percent of all do not exceed.</summary>
    internal static double Rank(List<double> values, int percent)
    {
        if (values.Count == 0)
            return double.NaN;
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];
    }

    private void Add(Score other)
    {
        Guessers += other.Guessers;
        GuessersBlocked += other.GuessersBlocked;
        Persistent += other.Persistent;
        PersistentBlocked += other.PersistentBlocked;
        Innocents += other.Innocents;
        InnocentsBlocked += other.InnocentsBlocked;
        Accepted += other.Accepted;
        Harmed += other.Harmed;
        Guesses += other.Guesses;
        GuessesAnswered += other.GuessesAnswered;
        NamesToLearn += other.NamesToLearn;
        NamesLearnt += other.NamesLearnt;
        Unlabelled += other.Unlabelled;
        Leaks.AddRange(other.Leaks);
        Delays.AddRange(other.Delays);
        foreach (var kind in other.Kinds)
            KindOf(new HostTruth(kind.IsGuesser, kind.Kind)).Add(kind);
    }
}
