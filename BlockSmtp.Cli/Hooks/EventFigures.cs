using System.Diagnostics.Metrics;

namespace BlockSmtp.Cli.Hooks;

/// <summary>Counts what came of events, for the metrics.</summary>
internal sealed class EventFigures : IDisposable
{
    private readonly Meter _meter = new("BlockSmtp");
    private readonly Counter<long> _events;

    public EventFigures()
    {
        _events = _meter.CreateCounter<long>("blocksmtp.events", "{event}", "Events for --on-event.");
        // All values from the start: what is not there yet cannot be seen to grow.
        foreach (var outcome in new[] { "passed", "failed", "dropped" })
            Count(outcome, 0);
    }

    public void OnPassed(bool well) => Count(well ? "passed" : "failed", 1);

    public void OnDropped() => Count("dropped", 1);

    public void Dispose() => _meter.Dispose();

    private void Count(string outcome, int many) => _events.Add(many, new KeyValuePair<string, object?>("outcome", outcome));
}
