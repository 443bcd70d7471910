namespace BlockSmtp.Scoring;

/// <summary>A line of a file of truths, labels or bans is not what it should be.</summary>
internal sealed class TruthFileException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="line">Which line, from 1.</param>
    /// <param name="message">What is wrong with it, and what would be right.</param>
    public TruthFileException(int line, string message)
        : base(message) => Line = line;

    /// <summary>Which line, from 1.</summary>
    public int Line { get; }
}
