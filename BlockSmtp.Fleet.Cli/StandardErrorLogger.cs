using Microsoft.Extensions.Logging;

namespace BlockSmtp.Fleet.Cli;

/// <summary>Writes what is said to standard error, a line each; to the journal with its priority before it (sd-daemon(3)).</summary>
internal sealed class StandardErrorLogger : ILogger
{
    private readonly bool _isJournal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var priority = !_isJournal
            ? "blocksmtp-fleet: "
            : logLevel switch { LogLevel.Error or LogLevel.Critical => "<3>", LogLevel.Warning => "<4>", _ => "<6>" };
        var text = string.Concat(formatter(state, exception).Select(letter => char.IsControl(letter) ? ' ' : letter));
        try
        {
            Console.Error.WriteLine(priority + text);
        }
        catch (IOException)
        {
            // Nobody listens.
        }
    }
}
