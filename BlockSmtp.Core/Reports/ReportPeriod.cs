namespace BlockSmtp.Reports;

/// <summary>What happened in one step of time.</summary>
/// <param name="Start">Its beginning, UTC.</param>
/// <param name="Answered">Guesses of hosts that were not blocked.</param>
/// <param name="KeptOut">Guesses of hosts that would have been blocked.</param>
/// <param name="Blocks">Blocks that would have been made.</param>
public readonly record struct ReportPeriod(DateTimeOffset Start, long Answered, long KeptOut, long Blocks)
{
    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(ReportPeriod), PrintMembers);
}
