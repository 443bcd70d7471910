using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using BlockSmtp.Scoring;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes each decision of a replay as one JSON object a line.</summary>
internal sealed class JsonEvents : IEngineObserver, IAsyncDisposable
{
    private const int Enough = 32 * 1024;

    // No address and no time is longer.
    private const int LongestText = 64;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * Enough);
    private readonly Utf8JsonWriter _json;

    // What there is by far the most of is written without it.
    private readonly JsonText _text;

    public JsonEvents(Stream output)
    {
        _output = output;
        _text = new JsonText(_buffer);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public bool WantsOffenses => false;

    public void OnBlocked(Block block)
    {
        AddDecision(block.Since, "block", block.Network);
        _text.Add("\",\"offenses\":"u8);
        _text.Add(block.Offenses);
        _text.Add(",\"until\":\""u8);
        _text.Add(block.Until);
        _text.Add("\",\"reason\":\""u8);
        _text.Add(block.Reason);
        _text.Add("\"}"u8);
        EndLine();
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        AddDecision(time, "unblock", block.Network);
        _text.Add(reason switch
        {
            ReleaseReason.Expired => "\",\"reason\":\"expired\"}"u8,
            ReleaseReason.Unfounded => "\",\"reason\":\"unfounded\"}"u8,
            _ => "\",\"reason\":\"crowded out\"}"u8,
        });
        EndLine();
    }

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason) => Line(time, "ignore", json =>
    {
        WriteAddress(json, peer);
        json.WriteNumber("offenses", offenses);
        json.WriteString("reason", reason);
    });

    public void OnAlarm(GuessingAlarm alarm) => Line(alarm.Time, "alarm", json =>
    {
        json.WriteNumber("hosts", alarm.Hosts);
        json.WriteNumber("names", alarm.Names);
        json.WriteNumber("usual_hosts", alarm.UsualHosts);
    });

    /// <summary>Writes how well the decisions agree with the truth.</summary>
    public void Write(Score score) => Line(null, "score", json => ScoreReport.Write(json, score));

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
        return _json.DisposeAsync();
    }

    /// <summary>Begins a line; a single host is written as its address.</summary>
    private void AddDecision(DateTimeOffset time, string action, IPNetwork network)
    {
        _text.Add("{\"time\":\""u8);
        _text.Add(time);
        _text.Add("\",\"action\":\""u8);
        _text.Add(action);
        _text.Add("\",\"address\":\""u8);
        _text.Add(network.BaseAddress);
        if (NetworkText.IsHost(network))
            return;
        _text.Add("/"u8);
        _text.Add(network.PrefixLength);
    }

    private static void WriteAddress(Utf8JsonWriter json, IPAddress address)
    {
        Span<byte> text = stackalloc byte[LongestText];
        address.TryFormat(text, out var length);
        json.WriteString("address", text[..length]);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[LongestText];
        time.UtcDateTime.TryFormat(text, out var length, "s", CultureInfo.InvariantCulture);
        text[length++] = (byte)'Z';
        json.WriteString(name, text[..length]);
    }

    private void Line(DateTimeOffset? time, string action, Action<Utf8JsonWriter> rest)
    {
        _json.Reset();
        _json.WriteStartObject();
        if (time is { } when)
            WriteTime(_json, "time", when);
        _json.WriteString("action", action);
        rest(_json);
        _json.WriteEndObject();
        _json.Flush();
        EndLine();
    }

    private void EndLine()
    {
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount > Enough)
            Flush();
    }

    private void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
