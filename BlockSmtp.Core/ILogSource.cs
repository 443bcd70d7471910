namespace BlockSmtp;

/// <summary>Where the lines of the mail log come from: a file that is followed, a finished file, a journal, a network socket.</summary>
public interface ILogSource
{
    /// <summary>
    /// Hands out the log in chunks of whole lines, oldest first, until the source has ended or
    /// <paramref name="cancellationToken"/> is cancelled. A source that is cancelled just ends; it does not throw.
    /// </summary>
    /// <remarks>
    /// The engine enumerates a source once, on a thread of its own, and asks for the next chunk only when it has
    /// finished with the last one. A source may therefore block the thread while it waits, and may use the same buffer again.
    /// </remarks>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>The chunks.</returns>
    /// <exception cref="IOException">The log cannot be read and waiting would not help.</exception>
    IAsyncEnumerable<LogChunk> ReadAsync(CancellationToken cancellationToken);
}
