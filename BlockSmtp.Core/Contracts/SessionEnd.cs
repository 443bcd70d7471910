namespace BlockSmtp;

/// <summary>What it took to end a session.</summary>
public enum SessionEnd
{
    /// <summary>Its connection was shut down, and the process ended by itself, or, of Postfix, went on to serve others.</summary>
    Shutdown,

    /// <summary>The process was sent SIGTERM.</summary>
    Terminated,

    /// <summary>The process was sent SIGKILL.</summary>
    Killed,
}
