namespace BlockSmtp;

/// <summary>A store could not do what it was asked. The message says what was wrong and how to mend it.</summary>
public sealed class BlockStoreException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public BlockStoreException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was wrong and how to mend it.</param>
    public BlockStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What was wrong and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public BlockStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether another engine keeps its state there; then this one does not start.</summary>
    public bool IsInUse { get; init; }
}
