using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Writes what iptables-restore(8) reads and reads what <c>iptables -S</c> prints. Addresses are printed from parsed
/// values and nothing else.
/// </summary>
internal sealed class IptablesRules
{
    private readonly string _chain;
    private readonly string _match;
    private readonly string[] _from;

    public IptablesRules(IptablesFirewallOptions options)
    {
        _chain = options.ChainName;
        var ports = string.Join(',', options.Ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        _match = options.Ports.Count == 1 ? $"-p tcp -m tcp --dport {ports}" : $"-p tcp -m multiport --dports {ports}";
        _from = [.. options.JumpFrom.Distinct()];
    }

    /// <summary>The chains that lead into ours.</summary>
    public IReadOnlyList<string> From => _from;

    /// <summary>Whether each of the chains that lead into ours and are there does so with its first rule, and with no other.</summary>
    /// <param name="listed">Those that are there, as <c>-S CHAIN</c> prints them one after the other.</param>
    public bool IsReached(IReadOnlyList<string> listed) => _from.All(chain => IsReachedFrom(chain, listed));

    /// <summary>The rules, as <c>-S</c> prints them, that lead into the chain, whoever made them.</summary>
    public List<string> JumpsIn(IEnumerable<string> listed) =>
        // A target without options is the last of a rule; a comment that ends alike is closed by a quotation mark.
        [.. listed.Where(rule =>
            rule.EndsWith(" -j " + _chain, StringComparison.Ordinal) || rule.EndsWith(" -g " + _chain, StringComparison.Ordinal))];

    /// <summary>The rule that drops what a set of ipset(8) holds, as <c>-S CHAIN</c> prints it.</summary>
    public string SetRule(string set) => $"-A {_chain} {_match} -m set --match-set {set} src -j DROP";

    /// <summary>
    /// The transaction after which exactly these networks are in the chain, and one jump at the top of each chain that leads there.
    /// </summary>
    public byte[] Fill(IReadOnlyCollection<IPNetwork> networks, IReadOnlyList<string> input)
    {
        var script = Begin().Append(CultureInfo.InvariantCulture, $":{_chain} - [0:0]\n");
        foreach (var network in networks)
            AppendRule(script, "-A ", network);
        return End(AppendJump(script, input));
    }

    /// <summary>
    /// The transaction after which exactly these rules are in the chain, and one jump at the top of each chain that leads there.
    /// </summary>
    public byte[] Fill(IEnumerable<string> ruleLines, IReadOnlyList<string> input)
    {
        var script = Begin().Append(CultureInfo.InvariantCulture, $":{_chain} - [0:0]\n");
        foreach (var line in ruleLines)
            script.Append(line).Append('\n');
        return End(AppendJump(script, input));
    }
    /// <summary>The transaction that adds and takes away these rules; one that is not there makes it fail as a whole.</summary>
    public byte[] Change(IReadOnlyCollection<IPNetwork> blocked, IReadOnlyCollection<IPNetwork> released)
    {
        var script = Begin();
        foreach (var network in released)
            AppendRule(script, "-D ", network);
        foreach (var network in blocked)
            AppendRule(script, "-A ", network);
        return End(script);
    }

    /// <summary>The transaction that empties the chain, takes away all jumps from these chains and, if told so, the chain itself.</summary>
    public byte[] Remove(IReadOnlyList<string> input, bool withChain)
    {
        var script = Begin().Append(CultureInfo.InvariantCulture, $":{_chain} - [0:0]\n");
        AppendDeletes(script, JumpsIn(input));
        if (withChain)
            script.Append(CultureInfo.InvariantCulture, $"-X {_chain}\n");
        return End(script);
    }

    /// <summary>Reads a rule of ours as <c>-S CHAIN</c> prints it; false for any other line.</summary>
    public bool TryParse(string line, AddressFamily family, out IPNetwork network)
    {
        network = family == AddressFamily.InterNetwork ? new IPNetwork(IPAddress.Any, 0) : new IPNetwork(IPAddress.IPv6Any, 0);
        var start = $"-A {_chain} ";
        var end = $"{_match} -j DROP";
        if (line == start + end)
            return true;
        start += "-s ";
        end = " " + end;
        return line.Length > start.Length + end.Length
            && line.StartsWith(start, StringComparison.Ordinal)
            && line.EndsWith(end, StringComparison.Ordinal)
            && IPNetwork.TryParse(line.AsSpan(start.Length, line.Length - start.Length - end.Length), out network);
    }

    private static StringBuilder Begin() => new("*filter\n");

    // Latin-1 gives back byte for byte what Tool read: the comment in somebody's rule may be in any encoding.
    private static byte[] End(StringBuilder script) => Encoding.Latin1.GetBytes(script.Append("COMMIT\n").ToString());

    private StringBuilder AppendJump(StringBuilder script, IReadOnlyList<string> listed)
    {
        foreach (var from in _from.Where(from => !IsReachedFrom(from, listed)))
        {
            AppendDeletes(script, JumpsIn(RulesOf(from, listed)));
            script.Append(CultureInfo.InvariantCulture, $"-I {from} 1 {_match} -j {_chain}\n");
        }

        return script;
    }

    private bool IsReachedFrom(string from, IReadOnlyList<string> listed)
    {
        // Its head is "-P INPUT ACCEPT" or "-N DOCKER-USER"; without one there is no such chain, and nothing that could come from there.
        if (!listed.Any(line => line == $"-N {from}" || line.StartsWith($"-P {from} ", StringComparison.Ordinal)))
            return true;
        var jump = $"-A {from} {_match} -j {_chain}";
        return RulesOf(from, listed) is [var top, ..] rules && top == jump && JumpsIn(rules).Count == 1;
    }

    private static List<string> RulesOf(string from, IEnumerable<string> listed) =>
        [.. listed.Where(line => line.StartsWith($"-A {from} ", StringComparison.Ordinal))];

    private void AppendRule(StringBuilder script, string verb, IPNetwork network) =>
        script.Append(verb).Append(_chain).Append(CultureInfo.InvariantCulture, $" -s {network} ").Append(_match).Append(" -j DROP\n");

    private static void AppendDeletes(StringBuilder script, List<string> jumps)
    {
        foreach (var jump in jumps)
            script.Append("-D").Append(jump, 2, jump.Length - 2).Append('\n');
    }
}
