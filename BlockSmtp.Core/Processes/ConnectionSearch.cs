namespace BlockSmtp.Processes;

/// <summary>What was found of a process's connections.</summary>
internal enum ConnectionSearch
{
    /// <summary>No connection on the mail server's addresses and ports.</summary>
    None,

    /// <summary>One.</summary>
    Found,

    /// <summary>The process listens: it is the mail server's daemon, which serves nobody itself.</summary>
    Listens,

    /// <summary>The process is gone.</summary>
    NoProcess,

    /// <summary>The kernel does not let us look.</summary>
    NotPermitted,
}
