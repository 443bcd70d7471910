namespace BlockSmtp.Milter;

/// <summary>A milter cannot listen. The message says why and how to mend it.</summary>
public sealed class MilterException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public MilterException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was wrong and how to mend it.</param>
    public MilterException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What was wrong and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public MilterException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether it is not permitted, which trying again does not mend.</summary>
    public bool IsForbidden { get; init; }
}
