using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>Makes one line of each log message, without control characters whatever the message has in it.</summary>
internal sealed class LineLoggerProvider(LimitedSink sink) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(sink);

    public void Dispose() => sink.Dispose();

    private sealed class LineLogger(ILineSink sink) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            if (exception is not null)
                line = $"{line}: {exception.Message}";
            sink.Write(logLevel, OneLine(line));
        }

        private static string OneLine(string line) =>
            line.Any(char.IsControl) ? new string([.. line.Select(letter => char.IsControl(letter) ? ' ' : letter)]) : line;
    }
}
