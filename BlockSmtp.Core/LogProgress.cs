namespace BlockSmtp;

/// <summary>How far a log was read.</summary>
/// <param name="Position">How many bytes of the file were handed out.</param>
/// <param name="Behind">How many bytes the file has beyond that: written, but not handed out yet, as an unfinished last line is.</param>
public sealed record LogProgress(long Position, long Behind);
