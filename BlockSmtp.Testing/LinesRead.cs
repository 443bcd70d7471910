namespace BlockSmtp.Testing;

/// <summary>What a log source has handed out.</summary>
/// <param name="Lines">The lines, without their line feeds, each byte a character.</param>
/// <param name="Skipped">How many lines it has left out, as it says.</param>
public sealed record LinesRead(IReadOnlyList<string> Lines, int Skipped);
