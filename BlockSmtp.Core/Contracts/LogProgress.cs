namespace BlockSmtp;

/// <summary>How far a log file was read.</summary>
/// <param name="Position">How many bytes of the file were handed out.</param>
/// <param name="Size">How many bytes the file has.</param>
/// <param name="Behind">How many bytes were written and not handed out yet, as those of an unfinished last line; also those of a file
/// that has taken its place.</param>
public sealed record LogProgress(long Position, long Size, long Behind);
