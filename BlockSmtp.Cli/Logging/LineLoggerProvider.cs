using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>Makes one line of each log message, without control characters whatever the message has in it.</summary>
internal sealed class LineLoggerProvider(LimitedSink sink, LogThreshold threshold, bool showsUndo) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(sink, threshold, showsUndo);

    public void Dispose() => sink.Dispose();

    private sealed class LineLogger(ILineSink sink, LogThreshold threshold, bool showsUndo) : ILogger
    {
        // The engine's event about a block, which names the network.
        private const int Blocked = 1010;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= threshold.Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var line = formatter(state, exception);
            if (exception is not null)
                line = $"{line}: {exception.Message}";
            // The library does not know by what command its user undoes a block.
            if (showsUndo && eventId.Id == Blocked && state is IReadOnlyList<KeyValuePair<string, object?>> values)
                line = $"{line}; undo: blocksmtp unblock {values.FirstOrDefault(value => value.Key == "Network").Value}";
            sink.Write(logLevel, OneLine(line));
        }

        private static string OneLine(string line) =>
            line.Any(char.IsControl) ? new string([.. line.Select(letter => char.IsControl(letter) ? ' ' : letter)]) : line;
    }
}
