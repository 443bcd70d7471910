namespace BlockSmtp.Reports;

/// <summary>What a log tells of the hosts that guess, and what different settings would have made of it.</summary>
public sealed record Report
{
    /// <summary>What came of the replay.</summary>
    public required ReplaySummary Summary { get; init; }

    /// <summary>How many guesses hosts made while they were not blocked; those of trusted hosts are not among them.</summary>
    public required long Answered { get; init; }

    /// <summary>How many guesses came while their host would have been blocked.</summary>
    public required long KeptOut { get; init; }

    /// <summary>
    /// The time that the offenses span, in steps of the same length, oldest first; those without an offense are left out.
    /// </summary>
    public required IReadOnlyList<ReportPeriod> Periods { get; init; }

    /// <summary>How long each of <see cref="Periods"/> is.</summary>
    public required TimeSpan PeriodLength { get; init; }

    /// <summary>The hosts that guessed most, worst first.</summary>
    public required IReadOnlyList<ReportHost> Hosts { get; init; }

    /// <summary>All hosts, by how much they guessed, least first.</summary>
    public required IReadOnlyList<ReportGroup> Groups { get; init; }

    /// <summary>The networks (/24 and /64) with the most guesses, worst first.</summary>
    public required IReadOnlyList<ReportNetwork> Networks { get; init; }

    /// <summary>The wider networks (/16 and /48) with the most guesses, worst first.</summary>
    public required IReadOnlyList<ReportNetwork> WideNetworks { get; init; }

    /// <summary>What other limits would have come to, from 1 to <see cref="ReportCollector.MaxThreshold"/>, all else as set.</summary>
    public required IReadOnlyList<ReportOutcome> Thresholds { get; init; }

    /// <summary>What other settings would have come to; the first are the ones that were set.</summary>
    public required IReadOnlyList<ReportOutcome> Settings { get; init; }
}
