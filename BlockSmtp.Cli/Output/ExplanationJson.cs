using System.Text.Json;
using BlockSmtp.Cli.Json;

namespace BlockSmtp.Cli.Output;

/// <summary>Writes why a host or a network is blocked, or is not, as JSON.</summary>
internal static class ExplanationJson
{
    public static void Write(HostExplanation host, IReadOnlyList<BlockRecord>? earlier) => JsonLine.Write(json =>
    {
        json.WriteString("address", host.Host.ToString());
        WriteState(json, host.Block, host.Trusted, host.TrustedAt);
        json.WriteStartArray("pending");
        foreach (var offense in host.Offenses)
        {
            json.WriteStartObject();
            json.WriteTime("time", offense.Time);
            if (offense.Recipient is { } name)
                json.WriteString("recipient", Printable.Show(name));
            if (offense.Mailer != Mailer.Auto)
                json.WriteString("mailer", BlockTable.NameOf(offense.Mailer).ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteAll(json, "earlier", earlier, BlockTable.WriteMembers);
    });

    public static void Write(NetworkExplanation network, IReadOnlyList<BlockRecord>? earlier) => JsonLine.Write(json =>
    {
        json.WriteString("address", BlockTable.NameOf(network.Network));
        WriteState(json, network.Block, network.Trusted, network.TrustedAt);
        WriteAll(json, "within", BlockTable.Sort(network.Within), BlockTable.WriteMembers);
        WriteAll(json, "earlier", earlier, BlockTable.WriteMembers);
    });

    private static void WriteState(Utf8JsonWriter json, Block? block, string? trusted, string? place)
    {
        json.WriteBoolean("blocked", block is not null);
        if (block is not null)
        {
            json.WriteStartObject("block");
            BlockTable.WriteMembers(json, block);
            json.WriteEndObject();
        }

        if (trusted is not null)
            json.WriteString("trusted", Printable.Show(trusted));
        if (place is not null)
            json.WriteString("trusted_at", place);
    }

    /// <summary>Nothing where nobody knows.</summary>
    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T>? items, Action<Utf8JsonWriter, T> members)
    {
        if (items is null)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
