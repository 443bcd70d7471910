namespace BlockSmtp;

/// <summary>Some whole lines of a log, as bytes. Valid until the source is asked for the next chunk.</summary>
public readonly record struct LogChunk
{
    /// <summary>Makes a chunk.</summary>
    /// <param name="lines">Whole lines, each ended by a line feed; only the very last line of a finished log may lack it.</param>
    public LogChunk(ReadOnlyMemory<byte> lines) => Lines = lines;

    /// <summary>Whole lines, each ended by a line feed; only the very last line of a finished log may lack it.</summary>
    public ReadOnlyMemory<byte> Lines { get; }

    /// <summary>
    /// How many lines the source left out before or within this chunk because they were longer than it takes
    /// (64 KiB for the sources of this library).
    /// </summary>
    public int SkippedLines { get; init; }

    /// <summary>
    /// How many lines of the mail server whoever keeps the log says it has dropped, before or within this chunk (its rate limit).
    /// </summary>
    public long LostLines { get; init; }

    /// <summary>Whether it is the first of a file: what stands at its beginning says nothing of what was read before it.</summary>
    internal bool BeginsFile { get; init; }
}
