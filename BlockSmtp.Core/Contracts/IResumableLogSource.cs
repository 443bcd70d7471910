namespace BlockSmtp;

/// <summary>A log source that can go on where an earlier run of the program has left off.</summary>
public interface IResumableLogSource : ILogSource
{
    /// <summary>
    /// How far the log was handed out: all lines of all chunks so far, and nothing else. A word of the source's own, of at most some
    /// hundred characters; null when there is no such place. Asked before the first chunk, and between chunks on the thread
    /// that reads.
    /// </summary>
    string? Position { get; }

    /// <summary>
    /// Goes on from a place. Called at most once, before <see cref="ILogSource.ReadAsync"/>. A place that the source does not know, or
    /// that is no more, is told in the log, and reading begins as if nothing had been said.
    /// </summary>
    /// <param name="position">What <see cref="Position"/> was in an earlier run.</param>
    void ResumeFrom(string position);
}
