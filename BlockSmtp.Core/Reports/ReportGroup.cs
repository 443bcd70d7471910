namespace BlockSmtp.Reports;

/// <summary>The hosts that guessed about as much as one another.</summary>
/// <param name="Least">They made at least so many guesses.</param>
/// <param name="Most">They made at most so many; null for any number.</param>
/// <param name="Hosts">How many hosts these are.</param>
/// <param name="Blocked">How many of them would have been blocked.</param>
/// <param name="Answered">Their guesses while they were not blocked.</param>
/// <param name="KeptOut">Their guesses while they would have been blocked.</param>
public readonly record struct ReportGroup(int Least, int? Most, int Hosts, int Blocked, long Answered, long KeptOut);
