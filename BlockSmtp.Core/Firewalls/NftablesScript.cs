using System.Globalization;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Writes a transaction in the language of nft(8). Addresses are printed from parsed values and nothing else.
/// </summary>
internal sealed class NftablesScript(NftablesFirewallOptions options)
{
    private static readonly string[] InputOnly = ["input"], InputAndForward = ["input", "forward"];

    private readonly StringBuilder _text = new();

    // Each is called as the hook that it is of.
    private readonly string[] _chains = options.Forward ? InputAndForward : InputOnly;
    private readonly string _table = $"inet {options.TableName}";

    /// <summary>Takes the table away, with everything in it; that there is none is no error.</summary>
    public NftablesScript RemoveTable()
    {
        // To add what is there is no error, to delete what is not there is one; "destroy" came later (nft 1.0.7, Linux 6.3).
        _text.Append(CultureInfo.InvariantCulture, $"add table {_table}\ndelete table {_table}\n");
        return this;
    }

    public NftablesScript AddTable()
    {
        // Before "filter", where others may accept what is established: a packet dropped here is never seen there.
        _text.Append(CultureInfo.InvariantCulture, $"add table {_table}\n");
        foreach (var chain in _chains)
            _text.Append(
                CultureInfo.InvariantCulture,
                $"add chain {_table} {chain} {{ type filter hook {chain} priority filter - 10; policy accept; }}\n");
        return this;
    }

    /// <summary>Adds a set that is not there, and the rule that drops whom it holds.</summary>
    public NftablesScript AddSet(NftablesSet set)
    {
        var ports = string.Join(", ", options.Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        ports = options.Ports.Count == 1 ? ports : $"{{ {ports} }}";
        _text.Append(CultureInfo.InvariantCulture, $"add set {_table} {set.Name} {{ type {set.Type}; flags timeout; }}\n");
        foreach (var chain in _chains)
            _text.Append(
                CultureInfo.InvariantCulture, $"add rule {_table} {chain} tcp dport {ports} {set.Source} @{set.Name} counter drop\n");
        return this;
    }

    /// <summary>Changes what is in sets that are there by then.</summary>
    public NftablesScript Write(IEnumerable<NftablesChange> changes)
    {
        NftablesChange? last = null;
        foreach (var change in changes)
        {
            if (last?.IsLike(change) == true)
                _text.Append(", ");
            else
                _text.Append(
                    CultureInfo.InvariantCulture,
                    $"{(last is null ? "" : " }\n")}{(change.Seconds is null ? "delete" : "add")} element {_table} {change.Set.Name} {{ ");
            _text.Append(CultureInfo.InvariantCulture, $"{change.Network.BaseAddress}");
            if (change.Seconds is { } seconds)
                _text.Append(CultureInfo.InvariantCulture, $" timeout {seconds}s");
            last = change;
        }

        if (last is not null)
            _text.Append(" }\n");
        return this;
    }

    public override string ToString() => _text.ToString();
}
