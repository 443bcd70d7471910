using System.Globalization;
using System.Net;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Writes a transaction in the language of nft(8). Addresses are printed from parsed values and nothing else.
/// </summary>
internal sealed class NftablesScript(NftablesFirewallOptions options, DateTimeOffset now)
{
    private static readonly string[] InputOnly = ["input"], InputAndForward = ["input", "forward"];

    // 1000 days: of a number of seconds libnftables takes no more than eight digits.
    public const long LongestTimeout = 86_400_000;

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
            _text.Append(CultureInfo.InvariantCulture, $"add chain {_table} {chain} {{ type filter hook {chain} priority filter - 10; policy accept; }}\n");
        return this;
    }

    /// <summary>Adds a set that is not there, and the rule that drops whom it holds.</summary>
    public NftablesScript AddSet(NftablesSet set)
    {
        var ports = string.Join(", ", options.Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        ports = options.Ports.Count == 1 ? ports : $"{{ {ports} }}";
        _text.Append(CultureInfo.InvariantCulture, $"add set {_table} {set.Name} {{ type {set.Type}; flags timeout; }}\n");
        foreach (var chain in _chains)
            _text.Append(CultureInfo.InvariantCulture, $"add rule {_table} {chain} tcp dport {ports} {set.Source} @{set.Name} counter drop\n");
        return this;
    }

    /// <summary>Adds networks, each until its end, to a set that has none of them.</summary>
    public NftablesScript Add(IEnumerable<KeyValuePair<IPNetwork, DateTimeOffset>> ends)
    {
        foreach (var group in ends.GroupBy(end => NftablesSet.Of(end.Key)))
            Elements("add", group.Key, group, end => (end.Key, KernelTimeout.Seconds(end.Value, now, LongestTimeout)));
        return this;
    }

    /// <summary>Blocks, again where it is blocked, and releases, also what is not there.</summary>
    public NftablesScript Change(IEnumerable<KeyValuePair<IPNetwork, DateTimeOffset?>> changes)
    {
        foreach (var group in changes.GroupBy(change => NftablesSet.Of(change.Key)))
        {
            // What is there can be deleted, and only what is not there gets a new timeout: Linux before 6.12 leaves an
            // element that is added again as it is. All is one transaction: no packet sees what is between.
            Elements("add", group.Key, group, change => (change.Key, 1));
            Elements("delete", group.Key, group, change => (change.Key, null));
            Elements("add", group.Key, group.Where(change => change.Value is not null), change => (change.Key, KernelTimeout.Seconds(change.Value!.Value, now, LongestTimeout)));
        }
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Elements<T>(string verb, NftablesSet set, IEnumerable<T> items, Func<T, (IPNetwork Network, long? Timeout)> element)
    {
        var start = _text.Length;
        foreach (var (network, timeout) in items.Select(element))
        {
            if (_text.Length == start)
                _text.Append(CultureInfo.InvariantCulture, $"{verb} element {_table} {set.Name} {{ ");
            else
                _text.Append(", ");
            _text.Append(CultureInfo.InvariantCulture, $"{network.BaseAddress}");
            if (timeout is { } seconds)
                _text.Append(CultureInfo.InvariantCulture, $" timeout {seconds}s");
        }
        if (_text.Length > start)
            _text.Append(" }\n");
    }
}
