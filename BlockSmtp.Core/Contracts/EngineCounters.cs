namespace BlockSmtp;

/// <summary>What an engine has counted since it began.</summary>
public sealed record EngineCounters
{
    /// <summary>Lines read, of whatever program.</summary>
    public long Lines { get; init; }

    /// <summary>Bytes read.</summary>
    public long Bytes { get; init; }

    /// <summary>Wrong guesses, whether their host became known or not.</summary>
    public long Offenses { get; init; }

    /// <summary>Wrong guesses whose host never became known.</summary>
    public long Unresolved { get; init; }

    /// <summary>
    /// Lines that look like an offense but do not read like one that sendmail writes, and lines that matter but have no
    /// valid time stamp or client. They count for nothing else.
    /// </summary>
    public long Ambiguous { get; init; }

    /// <summary>Lines left out because they were longer than a source takes.</summary>
    public long SkippedLines { get; init; }

    /// <summary>
    /// Lines left out because reading them failed, or because the last three runs of the engine have died at them: a defect of the engine,
    /// or of a part of somebody else's.
    /// </summary>
    public long UnreadableLines { get; init; }

    /// <summary>
    /// Lines that a syslog daemon or journald says it has dropped for want of patience (its rate limit), or that were too long for the mail
    /// server: offenses in them are not known.
    /// </summary>
    public long LostLines { get; init; }

    /// <summary>Blocks made.</summary>
    public long Blocks { get; init; }

    /// <summary>Blocks ended.</summary>
    public long Releases { get; init; }

    /// <summary>How often a host was not blocked although the policy said so, because it is trusted.</summary>
    public long Ignored { get; init; }

    /// <summary>Look-ups of the client of a live process.</summary>
    public long PeerLookups { get; init; }

    /// <summary>How many of <see cref="PeerLookups"/> found it.</summary>
    public long PeersFound { get; init; }

    /// <summary>
    /// How often the rules of the firewall were not as they should be, by a foreign hand or a failure, and were put right.
    /// </summary>
    public long Repairs { get; init; }

    /// <summary>How often the policy has thrown; each time its answer is taken to be <see cref="Verdict.None"/>.</summary>
    public long PolicyFailures { get; init; }
}
