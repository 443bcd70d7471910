using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes each decision of a replay as one JSON object a line.</summary>
internal sealed class JsonEvents(Stream output) : IEngineObserver, IAsyncDisposable
{
    private const int Enough = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * Enough);
    private readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void OnBlocked(Block block) => Line(block.Since, "block", json =>
    {
        json.WriteString("address", block.Network.BaseAddress.ToString());
        json.WriteNumber("offenses", block.Offenses);
        json.WriteString("until", Text(block.Until));
        json.WriteString("reason", block.Reason);
    });

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) => Line(time, "unblock", json =>
    {
        json.WriteString("address", block.Network.BaseAddress.ToString());
        json.WriteString("reason", reason == ReleaseReason.Expired ? "expired" : "crowded out");
    });

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason) => Line(time, "ignore", json =>
    {
        json.WriteString("address", peer.ToString());
        json.WriteNumber("offenses", offenses);
        json.WriteString("reason", reason);
    });

    /// <summary>Writes the last line.</summary>
    public void Write(ReplaySummary summary) => Line(null, "summary", json =>
    {
        var counters = summary.Counters;
        json.WriteNumber("lines", counters.Lines);
        json.WriteNumber("bytes", counters.Bytes);
        json.WriteNumber("offenses", counters.Offenses);
        json.WriteNumber("hosts", summary.Hosts.Count);
        json.WriteNumber("blocked", summary.Blocked);
        json.WriteNumber("ignored", summary.Ignored);
        json.WriteNumber("unresolved", counters.Unresolved);
        json.WriteNumber("ambiguous", counters.Ambiguous);
        json.WriteNumber("elapsed_seconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
    });

    public ValueTask DisposeAsync()
    {
        Flush();
        return ValueTask.CompletedTask;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private void Line(DateTimeOffset? time, string action, Action<Utf8JsonWriter> rest)
    {
        using (var json = new Utf8JsonWriter(_buffer, _options))
        {
            json.WriteStartObject();
            if (time is { } when)
                json.WriteString("time", Text(when));
            json.WriteString("action", action);
            rest(json);
            json.WriteEndObject();
        }

        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount > Enough)
            Flush();
    }

    private void Flush()
    {
        output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
