namespace BlockSmtp.Control;

/// <summary>A daemon could not be asked, or has refused.</summary>
public sealed class ControlException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public ControlException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong and how to mend it.</param>
    public ControlException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What is wrong and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public ControlException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception with its code.</summary>
    /// <param name="code">One of <see cref="ControlErrorCode"/>'s.</param>
    /// <param name="message">What is wrong and how to mend it.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public ControlException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>One of <see cref="ControlErrorCode"/>'s.</summary>
    public string Code { get; } = ControlErrorCode.Failed;
}
