namespace BlockSmtp.Logs;

/// <summary>What a <see cref="JournalLogSource"/> follows.</summary>
public sealed class JournalLogSourceOptions
{
    /// <summary>The names under which the mail server logs (SYSLOG_IDENTIFIER). Default sm-mta and sendmail. Others cost nothing.</summary>
    public IReadOnlyList<string> Identifiers { get; set; } = ["sm-mta", "sendmail"];

    /// <summary>Only entries of this unit's processes, such as <c>sendmail.service</c>. Default: null, any unit's.</summary>
    public string? Unit { get; set; }

    /// <summary>
    /// The users whose processes are believed to be the mail server. Default: root alone, as sendmail's daemon runs. Anybody on the
    /// machine may log under any name, but not as somebody else: the kernel tells the journal who it was.
    /// </summary>
    public IReadOnlyList<int> TrustedUsers { get; set; } = [0];

    /// <summary>
    /// Whether the journal is read from its beginning. Default false: only what is logged from the making of the source on counts.
    /// </summary>
    public bool FromStart { get; set; }

    /// <summary>A directory of journal files. Default: null, the machine's own journal.</summary>
    public string? Directory { get; set; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Identifiers);
        ArgumentNullException.ThrowIfNull(TrustedUsers);
        ArgumentOutOfRangeException.ThrowIfZero(Identifiers.Count);
        ArgumentOutOfRangeException.ThrowIfZero(TrustedUsers.Count);
        foreach (var identifier in Identifiers)
            ArgumentException.ThrowIfNullOrEmpty(identifier);
    }
}
