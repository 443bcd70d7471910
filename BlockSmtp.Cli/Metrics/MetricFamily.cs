using System.Diagnostics.Metrics;

namespace BlockSmtp.Cli.Metrics;

/// <summary>What one instrument has measured, in the terms of Prometheus.</summary>
internal sealed class MetricFamily
{
    private readonly Dictionary<string, Buckets> _buckets = [];
    private readonly Dictionary<string, double> _values = [];
    private readonly IReadOnlyList<double> _bounds;

    public MetricFamily(Instrument instrument)
    {
        Type = instrument switch
        {
            Histogram<double> => "histogram",
            ObservableCounter<long> => "counter",
            _ => "gauge",
        };
        _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, Type);
        Help = instrument.Description ?? instrument.Name;
    }

    public string Name { get; }

    public string Type { get; }

    public string Help { get; }

    /// <summary>Takes in one measurement.</summary>
    /// <param name="labels">Its labels as they are written, without braces; empty for none.</param>
    /// <param name="value">The value; a new one replaces the last, but in a histogram, where all count.</param>
    public void Take(string labels, double value)
    {
        if (Type != "histogram")
        {
            _values[labels] = value;
            return;
        }

        if (!_buckets.TryGetValue(labels, out var buckets))
            _buckets[labels] = buckets = new Buckets(new long[_bounds.Count + 1]);
        var at = 0;
        while (at < _bounds.Count && value > _bounds[at])
            at++;
        buckets.Counts[at]++;
        buckets.Sum += value;
    }

    public void WriteTo(PrometheusText text)
    {
        text.Begin(Name, Help, Type);
        foreach (var (labels, value) in _values)
            text.Value(Name, labels, value);
        foreach (var (labels, buckets) in _buckets)
        {
            long count = 0;
            for (var i = 0; i < buckets.Counts.Length; i++)
            {
                count += buckets.Counts[i];
                text.Bucket(Name, labels, i < _bounds.Count ? _bounds[i] : double.PositiveInfinity, count);
            }

            text.Value(Name + "_sum", labels, buckets.Sum);
            text.Value(Name + "_count", labels, count);
        }
    }

    private sealed class Buckets(long[] counts)
    {
        public long[] Counts { get; } = counts;

        public double Sum { get; set; }
    }
}
