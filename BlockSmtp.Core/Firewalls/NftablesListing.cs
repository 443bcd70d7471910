using System.Net;
using System.Text.Json;

namespace BlockSmtp.Firewalls;

/// <summary>Reads what libnftables prints.</summary>
internal static class NftablesListing
{
    /// <summary>Those sets of ours that a table has, from its listing as text.</summary>
    public static IEnumerable<NftablesSet> Sets(string table)
    {
        foreach (var line in table.Split('\n'))
        {
            if (line.Trim().Split(' ') is ["set", var name, "{"] && NftablesSet.TryParse(name, out var set))
                yield return set;
        }
    }

    /// <summary>The networks in a set, from its listing as JSON; libnftables-json(5).</summary>
    /// <exception cref="FirewallException">It is no such listing.</exception>
    public static List<IPNetwork> Networks(NftablesSet set, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var networks = new List<IPNetwork>();
            foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
            {
                if (item.TryGetProperty("set", out var found) && found.TryGetProperty("elem", out var elements))
                    networks.AddRange(elements.EnumerateArray().Select(element => Network(set, element)));
            }
            return networks;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FirewallException($"nftables: the set {set.Name} can't be read ({e.Message}): see whether libnftables was built with JSON", e);
        }
    }

    private static IPNetwork Network(NftablesSet set, JsonElement element)
    {
        // One without a timeout, so none of ours, is printed as its value alone.
        var value = element.ValueKind == JsonValueKind.Object ? element.GetProperty("elem").GetProperty("val") : element;
        return new IPNetwork(IPAddress.Parse(value.GetString() ?? ""), set.PrefixLength);
    }
}
