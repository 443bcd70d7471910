namespace BlockSmtp.Scoring;

/// <summary>What is known for certain of a host.</summary>
/// <param name="IsGuesser">Whether it guesses; else it is innocent, whatever it may have mistyped.</param>
/// <param name="Kind">What sort of host it is, in a word, such as <c>provider</c>; scores are told apart by it.</param>
internal sealed record HostTruth(bool IsGuesser, string Kind);
