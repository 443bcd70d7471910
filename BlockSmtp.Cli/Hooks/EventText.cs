using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlockSmtp.Cli.Hooks;

/// <summary>Writes an event as one JSON object on a line, with the words that <c>replay --json</c> has for it. Some of it was written by attackers.</summary>
internal static class EventText
{
    // Angle brackets stay as they are, for whoever reads; control characters never do.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="time">When it happened.</param>
    /// <param name="action">What.</param>
    /// <param name="enforced">Whether anything is done about it: not in a dry run or a trial.</param>
    /// <param name="dropped">How many events before it were not passed on.</param>
    /// <param name="rest">Writes what the action has beside that.</param>
    public static byte[] Write(DateTimeOffset time, string action, bool enforced, long dropped, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteTime(json, "time", time);
            json.WriteString("action", action);
            json.WriteString("server", Environment.MachineName);
            rest(json);
            if (!enforced)
                json.WriteBoolean("enforced", false);
            if (dropped > 0)
                json.WriteNumber("dropped", dropped);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, Block block)
    {
        json.WriteString("address", NetworkText.Show(block.Network));
        json.WriteNumber("offenses", block.Offenses);
        WriteTime(json, "since", block.Since);
        WriteTime(json, "until", block.Until);
        json.WriteString("origin", OriginWord(block.Origin));
        json.WriteString("reason", block.Reason);
        if (block.Evidence is not { Recipients.Count: > 0 } evidence)
            return;
        json.WriteStartArray("tried");
        foreach (var name in evidence.Recipients)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static string OriginWord(BlockOrigin origin) => origin switch
    {
        BlockOrigin.Policy => "policy",
        BlockOrigin.Operator => "operator",
        BlockOrigin.Restored => "restored",
        _ => "elsewhere",
    };

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
}
