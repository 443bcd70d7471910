namespace BlockSmtp;

/// <summary>A firewall could not do what it was asked. The message says what was wrong and how to mend it.</summary>
public sealed class FirewallException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public FirewallException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was wrong and how to mend it.</param>
    public FirewallException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What was wrong and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public FirewallException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What kind of failure it was.</summary>
    public FirewallFailure Failure { get; init; }
}
