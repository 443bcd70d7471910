using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Addresses;

namespace BlockSmtp.Cli.Names;

/// <summary>
/// Collects the networks from which a domain sends, as its SPF record says (RFC 7208): <c>ip4</c>, <c>ip6</c>, <c>a</c>, <c>mx</c>,
/// <c>include</c> and <c>redirect</c>. Only what passes counts. <c>all</c>, <c>exists</c>, <c>ptr</c> and macros name no addresses.
/// </summary>
internal sealed class SpfWalk(IDnsLookup dns)
{
    // RFC 7208, 4.6.4.
    private const int MostLookups = 10;

    private const int MostNetworks = 2000;

    // Whoever names more than this trusts half of the world in our name.
    private const int WidestIPv4 = 10;
    private const int WidestIPv6 = 20;

    private readonly HashSet<IPNetwork> _networks = [];
    private readonly HashSet<string> _seen = [];
    private TimeSpan _good = TimeSpan.MaxValue;
    private int _lookups;

    /// <exception cref="DnsFailure">A record is missing, wrong, or names too much.</exception>
    public async Task<(IReadOnlyList<IPNetwork> Networks, TimeSpan Good)> CollectAsync(string domain)
    {
        await WalkAsync(domain);
        return ([.. _networks], _good);
    }

    private async Task WalkAsync(string domain)
    {
        if (!_seen.Add(domain))
            return;
        var terms = await RecordOfAsync(domain);
        string? redirect = null;
        var hasAll = false;
        foreach (var term in terms)
        {
            var text = term.TrimStart('+');
            if (text.StartsWith("redirect=", StringComparison.OrdinalIgnoreCase))
                redirect = text["redirect=".Length..];
            // Whoever does not pass is not whom the domain sends from.
            else if (text.Length > 0 && text[0] is not ('-' or '~' or '?') && !text.Contains('%'))
                await AddAsync(text, domain);
            hasAll |= text.TrimStart('-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase);
        }

        if (redirect is not null && !hasAll)
        {
            CountLookup();
            await WalkAsync(Domain(redirect));
        }
    }

    private async Task<string[]> RecordOfAsync(string domain)
    {
        var (texts, good) = await dns.FindTextsAsync(domain);
        Note(good);
        var records = texts.Where(text => text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase)).ToArray();
        return records switch
        {
            [var record] => record.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..],
            [] => throw new DnsFailure($"{domain} has no SPF record"),
            _ => throw new DnsFailure($"{domain} has {records.Length} SPF records where one may be"),
        };
    }

    private async Task AddAsync(string term, string domain)
    {
        var end = term.IndexOfAny([':', '/']);
        var (kind, rest) = (end < 0 ? term : term[..end], end < 0 ? "" : term[end..]);
        switch (kind.ToLowerInvariant())
        {
            case "ip4" or "ip6" when rest.StartsWith(':') && NetworkText.TryParse(rest.AsSpan(1), out var network):
                Add(network, domain);
                break;
            case "include" when rest.StartsWith(':'):
                CountLookup();
                await WalkAsync(Domain(rest[1..]));
                break;
            case "a":
                CountLookup();
                await AddHostAsync(rest, domain, ownHosts: true);
                break;
            case "mx":
                CountLookup();
                await AddHostAsync(rest, domain, ownHosts: false);
                break;
        }
    }

    /// <summary><c>a:host/24//64</c>: the networks of so many bits that a host is in.</summary>
    private async Task AddHostAsync(string rest, string domain, bool ownHosts)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var named = slash < 0 ? rest : rest[..slash];
        var bits = (slash < 0 ? "" : rest[(slash + 1)..]).Split("//");
        var of = named.StartsWith(':') ? Domain(named[1..]) : domain;
        IReadOnlyList<string> hosts = [of];
        if (!ownHosts)
        {
            (hosts, var good) = await dns.FindMailServersAsync(of);
            Note(good);
        }

        foreach (var host in hosts.Take(MostLookups))
        {
            var (addresses, good) = await dns.FindHostAsync(host);
            Note(good);
            foreach (var address in addresses)
                Add(
                    Network(address, address.AddressFamily == AddressFamily.InterNetwork ? bits[0] : bits is [_, var six] ? six : ""),
                    domain);
        }
    }

    private static IPNetwork Network(IPAddress address, string bits) =>
        bits.Length > 0 && int.TryParse(bits.TrimStart('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && NetworkText.TryParse(string.Create(CultureInfo.InvariantCulture, $"{address}/{length}"), out var network)
            ? network
            : HostKey.NetworkOf(address);

    private void Add(IPNetwork network, string domain)
    {
        if (network.PrefixLength < (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6))
            throw new DnsFailure($"the SPF record of {domain} names {NetworkText.Show(network)}, which is too much to trust");
        if (_networks.Count >= MostNetworks)
            throw new DnsFailure($"the SPF record of {domain} names more than {MostNetworks} networks");
        _networks.Add(network);
    }

    private void CountLookup()
    {
        if (++_lookups > MostLookups)
            throw new DnsFailure($"its SPF record takes more than {MostLookups} look-ups");
    }

    private void Note(TimeSpan good) => _good = good < _good ? good : _good;

    private static string Domain(string text)
    {
        var domain = text.TrimEnd('.').ToLowerInvariant();
        return TrustedName.IsDomain(domain) ? domain : throw new DnsFailure($"'{Printable.Show(text)}' in an SPF record is no domain");
    }
}
