using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>Where our own log goes, and how much of it.</summary>
internal sealed class LogOutput : IDisposable
{
    private readonly LogThreshold _threshold = new();

    /// <param name="debug">0 to 9, as in the original.</param>
    /// <param name="toSyslog">To syslog instead of standard error.</param>
    /// <param name="showsUndo">Whether a line about a block says how to undo it.</param>
    public LogOutput(int debug, bool toSyslog, bool showsUndo = false)
    {
        Debug = debug;
        ILineSink sink = toSyslog ? new SyslogSink() : new StandardErrorSink();
        Loggers = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LogLevel.Trace)
            .AddProvider(new LineLoggerProvider(new LimitedSink(new QueuedSink(sink), TimeProvider.System), _threshold, showsUndo)));
    }

    public ILoggerFactory Loggers { get; }

    /// <summary>How much to say; may change at any time.</summary>
    public int Debug
    {
        set => _threshold.Least = value switch
        {
            < 3 => LogLevel.Warning,
            < 5 => LogLevel.Information,
            < 9 => LogLevel.Debug,
            _ => LogLevel.Trace,
        };
    }

    public void Dispose() => Loggers.Dispose();
}
