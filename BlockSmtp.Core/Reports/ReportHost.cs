namespace BlockSmtp.Reports;

/// <summary>One of the hosts that guessed most.</summary>
/// <param name="Host">What the replay counted of it.</param>
/// <param name="Answered">Guesses while it was not blocked.</param>
/// <param name="KeptOut">Guesses while it would have been blocked.</param>
/// <param name="Names">A few of the names that it tried, as <see cref="Offense.Recipient"/> has them: text of the
/// client, made printable.</param>
public sealed record ReportHost(ReplayHost Host, long Answered, long KeptOut, IReadOnlyList<string> Names);
