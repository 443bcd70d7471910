using BlockSmtp.Quality.Simulation;
using BlockSmtp.Scoring;

namespace BlockSmtp.Quality.Rules;

/// <summary>A way to tell who guesses, under a name for the tables.</summary>
internal abstract record Rule(string Name)
{
    /// <summary>Has it judge a log.</summary>
    /// <param name="log">The log with its truth.</param>
    /// <param name="file">The log as a file.</param>
    public abstract Played Play(SimulatedLog log, string file);
}

/// <summary>What came of a log.</summary>
/// <param name="Score">The score.</param>
/// <param name="BytesPerHost">How much memory was kept for each host that it had to remember; null where nobody can say.</param>
internal sealed record Played(Score Score, double? BytesPerHost = null);
