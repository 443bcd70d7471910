using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>Where our own log goes, and how much of it.</summary>
internal static class LogOutput
{
    /// <param name="debug">0 to 9, as in the original.</param>
    /// <param name="toSyslog">To syslog instead of standard error.</param>
    public static ILoggerFactory Create(int debug, bool toSyslog)
    {
        ILineSink sink = toSyslog ? new SyslogSink() : new StandardErrorSink();
        return LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LevelOf(debug))
            .AddProvider(new LineLoggerProvider(new LimitedSink(new QueuedSink(sink), TimeProvider.System))));
    }

    private static LogLevel LevelOf(int debug) => debug switch
    {
        < 3 => LogLevel.Warning,
        < 5 => LogLevel.Information,
        < 9 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };
}
