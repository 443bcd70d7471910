using BlockSmtp.Scoring;

namespace BlockSmtp.Cli.Commands;

/// <summary>Notes what a replay decides, and what hosts have asked for, to hold the one against the other.</summary>
internal sealed class ReplayScore(Truth truth) : IEngineObserver
{
    private readonly BlockSpans _spans = new();
    private readonly LogTransactions _asked = new(truth);

    /// <summary>Whether the replay knows from its first line on which year it is.</summary>
    public bool IsYearKnown { get; set; }

    /// <summary>A policy that judges as another one, or never, and tells what is taken from hosts.</summary>
    public IOffenderPolicy Around(IOffenderPolicy? policy) => _asked.Around(policy);

    public void OnOffense(in Offense offense) => _asked.OnOffense(offense);

    public void OnBlocked(Block block) => _spans.OnBlocked(block);

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) => _spans.OnReleased(block, time, reason);

    /// <summary>The score of the decisions.</summary>
    /// <param name="command">Which command asks, for its error.</param>
    /// <param name="asked">What hosts have asked for; null for what the log tells of it.</param>
    /// <param name="bans">Somebody else's decisions; null for the replay's.</param>
    public Score Compare(string command, IReadOnlyCollection<ScoredTransaction>? asked = null, IReadOnlyCollection<BlockSpan>? bans = null)
    {
        // Then the decisions were moved to an earlier year when the log was over, and what was noted meanwhile was not.
        if (asked is null && !IsYearKnown && _asked.LastMessage > TimeProvider.System.GetUtcNow().AddDays(1))
            throw new CommandException(ExitCode.Usage,
                $"{command}: the year of the log is not known before its end: name that of its first line with --year");
        return Scorer.Compare(truth, asked ?? _asked.All, bans ?? _spans.All);
    }
}
