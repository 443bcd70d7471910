using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>How much is said; may change at any time.</summary>
internal sealed class LogThreshold
{
    private volatile int _least = (int)LogLevel.Trace;

    public LogLevel Least
    {
        get => (LogLevel)_least;
        set => _least = (int)value;
    }
}
