namespace BlockSmtp;

/// <summary>How a peer look-up went.</summary>
public enum PeerLookupOutcome
{
    /// <summary>There is no such process (any more).</summary>
    NoProcess,

    /// <summary>The client was found.</summary>
    Found,

    /// <summary>The process is not a mail server's, or it began after the line was written and so is another one.</summary>
    NotTheMailer,

    /// <summary>The process has no connection on the mail server's address and port (any more).</summary>
    NoConnection,

    /// <summary>The kernel does not let us look.</summary>
    NotPermitted,
}
