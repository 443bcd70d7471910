namespace BlockSmtp.Processes;

/// <summary>What a descriptor of a process is to the mail server.</summary>
internal enum MailerSocketKind
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>A connection that was accepted at one of the mail server's ends.</summary>
    Connection,

    /// <summary>A listening TCP socket, whatever its end: no session has one, only the daemon.</summary>
    Listener,
}
