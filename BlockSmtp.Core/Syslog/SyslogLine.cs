namespace BlockSmtp.Syslog;

/// <summary>The parts of one line of a log.</summary>
internal ref struct SyslogLine
{
    /// <summary>The time stamp as it stands, in one of the forms that <see cref="SyslogStamp"/> reads.</summary>
    public ReadOnlySpan<byte> Stamp;

    /// <summary>
    /// The machine that logged, by the number that <see cref="SyslogLineParser"/> gave its name; <see cref="SyslogLineParser.NoHost"/>
    /// where the log names none.
    /// </summary>
    public int Host;

    /// <summary>The process that logged; 0 where the log does not tell.</summary>
    public int ProcessId;

    /// <summary>Which program that is.</summary>
    public LogProgram Program;

    /// <summary>Whether it says again what was said before, perhaps by a process that is gone by now.</summary>
    public bool IsRepeated;

    /// <summary>What it said, without leading spaces.</summary>
    public ReadOnlySpan<byte> Message;
}
