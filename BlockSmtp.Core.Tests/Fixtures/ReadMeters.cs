using System.Diagnostics.Metrics;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>Hands out meters, and reads what is measured with them and no others.</summary>
internal sealed class ReadMeters : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly List<Meter> _meters = [];
    private readonly Dictionary<string, double> _values = [];
    private readonly Dictionary<string, List<double>> _durations = [];

    public ReadMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, this))
                return;
            Instruments.Add(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>What there is to read now: <c>name{label=value}</c>.</summary>
    public Dictionary<string, double> Read()
    {
        lock (_lock)
            _values.Clear();
        _listener.RecordObservableInstruments();
        lock (_lock)
            return new(_values);
    }

    /// <summary>The durations measured so far.</summary>
    public IReadOnlyList<double> Durations(string name)
    {
        lock (_lock)
            return _durations.TryGetValue(name, out var seen) ? [.. seen] : [];
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var name = instrument.Name;
        foreach (var (label, word) in labels)
            name += $"{{{label}={word}}}";
        lock (_lock)
        {
            if (instrument is not Histogram<double>)
                _values[name] = value;
            else if (_durations.TryGetValue(name, out var seen))
                seen.Add(value);
            else
                _durations[name] = [value];
        }
    }
}
