using System.Net;
using System.Text;
using System.Text.Json;

namespace BlockSmtp.Firewalls;

/// <summary>What nft prints of the table as JSON; libnftables-json(5).</summary>
/// <param name="Networks">Who is in the sets.</param>
/// <param name="Rules">Chains and rules as they were printed, with the handles that the kernel gave them.</param>
/// <param name="IsDormant">Whether somebody has put the table to sleep (nft(8), flags dormant).</param>
internal sealed record NftablesListing(IReadOnlyList<IPNetwork> Networks, string Rules, bool IsDormant)
{
    public static NftablesListing Parse(ReadOnlyMemory<byte> json)
    {
        var networks = new List<IPNetwork>();
        var rules = new StringBuilder();
        var dormant = false;
        using var document = JsonDocument.Parse(json);
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (item.TryGetProperty("set", out var set))
                AddNetworks(set, networks);
            else if (item.TryGetProperty("chain", out _) || item.TryGetProperty("rule", out _))
                rules.Append(item.GetRawText()).Append('\n');
            else if (item.TryGetProperty("table", out var table) && table.TryGetProperty("flags", out var flags))
                dormant |= flags.GetRawText().Contains("dormant", StringComparison.Ordinal);
        }
        return new(networks, rules.ToString(), dormant);
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
