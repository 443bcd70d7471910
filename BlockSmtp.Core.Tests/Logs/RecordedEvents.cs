using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Tests.Logs;

/// <summary>A logger that lets a test await an event by its id.</summary>
internal sealed class RecordedEvents : ILogger
{
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _events = new();

    public ConcurrentQueue<(int Id, string Message)> All { get; } = new();

    public int Count(int id) => All.Count(e => e.Id == id);

    /// <summary>Waits for the next event with this id that was not awaited yet.</summary>
    public async Task NextAsync(int id)
    {
        if (!await Of(id).WaitAsync(TimeSpan.FromSeconds(60)))
            throw new TimeoutException($"There was no event {id}.");
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        All.Enqueue((eventId.Id, formatter(state, exception)));
        Of(eventId.Id).Release();
    }

    private SemaphoreSlim Of(int id) => _events.GetOrAdd(id, static _ => new SemaphoreSlim(0));
}
