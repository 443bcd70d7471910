using System.Runtime.InteropServices;
using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Logging;
using Mono.Unix.Native;

namespace BlockSmtp.Cli.Logging;

/// <summary>
/// Writes through syslog(3) under our own name and the facility daemon, not mail: our lines name addresses, and must not
/// end up among those that we read.
/// </summary>
internal sealed class SyslogSink : ILineSink
{
    public SyslogSink()
    {
        // openlog(3) keeps the pointer, so the name stays allocated for as long as the process lives.
        _ = Syscall.openlog(Marshal.StringToHGlobalAnsi(DetectionSetup.OwnSyslogName), SyslogOptions.LOG_PID, SyslogFacility.LOG_DAEMON);
    }

    /// <remarks>The text of a message is a format for syslog(3), and Mono passes it on with its percent signs doubled.</remarks>
    public void Write(LogLevel level, string line) => _ = Syscall.syslog(SyslogFacility.LOG_DAEMON, PriorityOf(level), line);

    private static SyslogLevel PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => SyslogLevel.LOG_ERR,
        LogLevel.Warning => SyslogLevel.LOG_WARNING,
        LogLevel.Information => SyslogLevel.LOG_INFO,
        _ => SyslogLevel.LOG_DEBUG,
    };
}
