using System.Diagnostics.Metrics;

namespace BlockSmtp.Cli.Metrics;

/// <summary>Listens to the meter of the library, and writes what it has measured as Prometheus reads it.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Lock _turn = new();
    private readonly Dictionary<Instrument, MetricFamily> _families = [];
    private readonly MeterListener _listener;

    public MeterReader()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != "BlockSmtp")
                    return;
                lock (_lock)
                    _families[instrument] = new MetricFamily(instrument);
                listener.EnableMeasurementEvents(instrument);
            },
            MeasurementsCompleted = (instrument, _) =>
            {
                lock (_lock)
                    _families.Remove(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>All there is to read now.</summary>
    /// <param name="withProcess">
    /// Whether what the kernel knows of this process belongs to it. Not in node_exporter's text file: it has its own of the same names.
    /// </param>
    public string Read(bool withProcess)
    {
        lock (_turn)
        {
            _listener.RecordObservableInstruments();
            var text = new PrometheusText();
            ProcessMetrics.WriteBuild(text);
            lock (_lock)
            {
                foreach (var family in _families.Values)
                    family.WriteTo(text);
            }

            if (withProcess)
                ProcessMetrics.Write(text);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var written = "";
        foreach (var (name, word) in labels)
            written += (written.Length == 0 ? "" : ",") + PrometheusText.Label(name, word?.ToString() ?? "");
        lock (_lock)
        {
            if (_families.TryGetValue(instrument, out var family))
                family.Take(written, value);
        }
    }
}
