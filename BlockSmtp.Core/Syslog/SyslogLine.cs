namespace BlockSmtp.Syslog;

/// <summary>The parts of one line that syslog wrote for a process.</summary>
internal ref struct SyslogLine
{
    /// <summary>The time stamp as it stands, in one of the forms that <see cref="SyslogStamp"/> reads.</summary>
    public ReadOnlySpan<byte> Stamp;

    /// <summary>The machine that logged, by the number that <see cref="SyslogLineParser"/> gave its name.</summary>
    public int Host;

    /// <summary>The process that logged.</summary>
    public int ProcessId;

    /// <summary>What it said, without leading spaces.</summary>
    public ReadOnlySpan<byte> Message;
}
