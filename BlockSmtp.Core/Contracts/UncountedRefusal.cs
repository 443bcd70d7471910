namespace BlockSmtp;

/// <summary>Words with which recipients were refused and that count as no wrong guess.</summary>
/// <param name="Text">The words, as they end the line or the reply. At most 200 bytes in the log.</param>
/// <param name="Count">How many recipients were refused with them.</param>
internal sealed record UncountedRefusal(string Text, int Count);
