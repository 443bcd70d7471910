using System.Net;
using System.Text;
using System.Text.Json;

namespace BlockSmtp.Firewalls;

/// <summary>What nft prints of the table as JSON; libnftables-json(5).</summary>
/// <param name="Networks">Who is in the sets.</param>
/// <param name="Rules">Chains and rules as they were printed, with the handles that the kernel gave them.</param>
/// <param name="HasFlags">Whether somebody has set a flag of the table, such as dormant, which puts it to sleep (nft(8)).</param>
internal sealed record NftablesListing(IReadOnlyList<IPNetwork> Networks, string Rules, bool HasFlags)
{
    /// <summary>
    /// Reads a listing; null for what is none. For a table with flags, nft 1.0.6 prints whatever lies in memory in their place.
    /// </summary>
    public static NftablesListing? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return Read(json);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static NftablesListing Read(ReadOnlyMemory<byte> json)
    {
        var networks = new List<IPNetwork>();
        var rules = new StringBuilder();
        var hasFlags = false;
        using var document = JsonDocument.Parse(json);
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (item.TryGetProperty("set", out var set))
                AddNetworks(set, networks);
            else if (item.TryGetProperty("chain", out _) || item.TryGetProperty("rule", out _))
                rules.Append(item.GetRawText()).Append('\n');
            else if (item.TryGetProperty("table", out var table))
                hasFlags |= table.TryGetProperty("flags", out _);
        }
        return new(networks, rules.ToString(), hasFlags);
    }

    private static void AddNetworks(JsonElement set, List<IPNetwork> networks)
    {
        if (!NftablesSet.TryParse(set.GetProperty("name").GetString()!, out var ours) || !set.TryGetProperty("elem", out var elements))
            return;
        foreach (var element in elements.EnumerateArray())
        {
            // One without a timeout, so none of ours, is printed as its value alone.
            var value = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem", out var inner) ? inner.GetProperty("val") : element;
            if (value.ValueKind == JsonValueKind.String && IPAddress.TryParse(value.GetString(), out var address)
                && IPNetwork.TryParse(FormattableString.Invariant($"{address}/{ours.PrefixLength}"), out var network))
            {
                networks.Add(network);
            }
        }
    }
}
