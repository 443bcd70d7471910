using System.Text.Json;
using BlockSmtp.Cli.Json;
using BlockSmtp.Diagnostics;

namespace BlockSmtp.Cli.Hooks;

/// <summary>
/// Writes an event as one JSON object on a line, with the words that <c>replay --json</c> has for it. Some of it was written by attackers.
/// </summary>
internal static class EventText
{
    /// <param name="time">When it happened.</param>
    /// <param name="action">What.</param>
    /// <param name="enforced">Whether anything is done about it: not in a dry run or a trial.</param>
    /// <param name="dropped">How many events before it were not passed on.</param>
    /// <param name="rest">Writes what the action has beside that.</param>
    public static byte[] Write(DateTimeOffset time, string action, bool enforced, long dropped, Action<Utf8JsonWriter> rest) =>
        JsonLine.ToBytes(json =>
        {
            json.WriteTime("time", time);
            json.WriteString("action", action);
            json.WriteString("server", Environment.MachineName);
            rest(json);
            if (!enforced)
                json.WriteBoolean("enforced", false);
            if (dropped > 0)
                json.WriteNumber("dropped", dropped);
        });

    public static void Write(Utf8JsonWriter json, Block block)
    {
        json.WriteString("address", NetworkText.Show(block.Network));
        json.WriteNumber("offenses", block.Offenses);
        json.WriteTime("since", block.Since);
        json.WriteTime("until", block.Until);
        json.WriteString("origin", OriginWord.Of(block.Origin));
        json.WriteString("reason", block.Reason);
        if (block.Evidence is not { Recipients.Count: > 0 } evidence)
            return;
        json.WriteStartArray("tried");
        foreach (var name in evidence.Recipients)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
