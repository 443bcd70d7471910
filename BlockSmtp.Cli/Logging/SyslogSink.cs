using System.Runtime.InteropServices;
using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Logging;
using Mono.Unix.Native;

namespace BlockSmtp.Cli.Logging;

/// <summary>
/// Writes through syslog(3) under our own name and the facility daemon, not mail: our lines name addresses, and must not
/// end up among those that we read.
/// </summary>
/// <remarks>Called directly: Mono.Posix has syslog only in its native helper, and the tool is to be one file.</remarks>
internal sealed partial class SyslogSink : ILineSink
{
    public SyslogSink() =>
        // openlog(3) keeps the pointer, so the name stays allocated for as long as the process lives.
        OpenLog(Marshal.StringToCoTaskMemUTF8(DetectionSetup.OwnSyslogName), (int)SyslogOptions.LOG_PID, (int)SyslogFacility.LOG_DAEMON);

    public void Write(LogLevel level, string line) =>
        Syslog((int)SyslogFacility.LOG_DAEMON | (int)PriorityOf(level), "%s", line);

    private static SyslogLevel PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => SyslogLevel.LOG_ERR,
        LogLevel.Warning => SyslogLevel.LOG_WARNING,
        LogLevel.Information => SyslogLevel.LOG_INFO,
        _ => SyslogLevel.LOG_DEBUG,
    };

    [LibraryImport("libc", EntryPoint = "openlog")]
    private static partial void OpenLog(nint name, int options, int facility);

    // Variadic in C. Arguments that are pointers are passed like any others on the Linux systems that .NET runs on.
    [LibraryImport("libc", EntryPoint = "syslog", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void Syslog(int priority, string format, string message);
}
