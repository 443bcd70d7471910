namespace BlockSmtp.Tests.EndToEnd;

/// <summary>How a session looks to its client.</summary>
internal enum SessionClose
{
    /// <summary>It is open, as far as the client knows.</summary>
    None,

    /// <summary>This client closed it.</summary>
    ByClient,

    /// <summary>The server closed it: end of file.</summary>
    ByServer,

    /// <summary>The connection was reset.</summary>
    Reset,

    /// <summary>A command got no answer.</summary>
    Silence,
}
