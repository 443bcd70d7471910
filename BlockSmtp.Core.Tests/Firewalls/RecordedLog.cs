using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Firewalls;

/// <summary>Keeps what is logged, so that a test can look.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    private readonly Lock _lock = new();
    private readonly List<(int Id, LogLevel Level, string Message)> _entries = [];

    public List<(int Id, LogLevel Level, string Message)> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
            _entries.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
