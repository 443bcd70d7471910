using System.Globalization;
using System.Text;

namespace BlockSmtp.Cli.Metrics;

/// <summary>Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).</summary>
/// <remarks>
/// By hand: OpenTelemetry's exporter is a pre-release, and prometheus-net brings a web client and a container of its own for
/// what is one short file.
/// </remarks>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>
    /// <c>blocksmtp.log.bytes</c> is <c>blocksmtp_log_bytes_total</c>: units in words, and counters end in <c>_total</c>.
    /// </summary>
    public static string NameOf(string instrument, string? unit, string type)
    {
        var name = instrument.Replace('.', '_');
        var word = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        if (!name.EndsWith(word, StringComparison.Ordinal))
            name += word;
        return type == "counter" ? name + "_total" : name;
    }

    public static string Label(string name, string value) =>
        $"{name}=\"{Escaped(value).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public void Begin(string name, string help, string type) =>
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(help)}\n# TYPE {name} {type}\n");

    public void Value(string name, string labels, double value) =>
        _text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");

    public void Bucket(string name, string labels, double bound, long count)
    {
        var le = double.IsPositiveInfinity(bound) ? "+Inf" : bound.ToString(CultureInfo.InvariantCulture);
        Value(name + "_bucket", $"{labels}{(labels.Length == 0 ? "" : ",")}le=\"{le}\"", count);
    }

    public override string ToString() => _text.ToString();

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
