namespace BlockSmtp.Processes;

/// <summary>How the title of a process compares with that of a sendmail that waits for a command.</summary>
internal enum TitleMatch
{
    /// <summary>It is another title.</summary>
    None,

    /// <summary>
    /// It is as much of that title as fits and at least <c>server </c>: sendmail cuts its title to the space that its
    /// arguments and environment had at the start. On its own this proves nothing, the connection must.
    /// </summary>
    Cut,

    /// <summary>It is that title.</summary>
    Whole,
}
