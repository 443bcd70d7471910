namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The two ways in which logrotate(8) puts a log aside.</summary>
internal enum Rotation
{
    /// <summary>The file gets another name and syslog is told to open a new one.</summary>
    Rename,

    /// <summary>The file is copied and cut to nothing.</summary>
    CopyTruncate,
}
