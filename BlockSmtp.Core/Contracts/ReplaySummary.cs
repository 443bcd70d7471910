namespace BlockSmtp;

/// <summary>What came of a replay.</summary>
public sealed record ReplaySummary
{
    /// <summary>What was counted.</summary>
    public required EngineCounters Counters { get; init; }

    /// <summary>Every host that offended, in any order.</summary>
    public required IReadOnlyCollection<ReplayHost> Hosts { get; init; }

    /// <summary>The mail servers that hosts have guessed at.</summary>
    public IReadOnlyList<Mailer> Mailers =>
        [.. Hosts.Select(host => host.Mailer).Where(mailer => mailer != Mailer.Auto).Distinct().Order()];

    /// <summary>How many different hosts would have been blocked.</summary>
    public int Blocked => Hosts.Count(host => host.Blocks > 0);

    /// <summary>How many different hosts would have been blocked but for the white-list.</summary>
    public int Ignored => Hosts.Count(host => host.IgnoredBecause is not null);

    /// <summary>How long the replay took.</summary>
    public required TimeSpan Elapsed { get; init; }
}
