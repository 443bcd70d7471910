using System.Net;
using BlockSmtp.Addresses;

namespace BlockSmtp.Cli.Names;

/// <summary>Finds what a trusted name stands for.</summary>
internal sealed class NameResolver(IDnsLookup dns)
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    /// <param name="name">The name.</param>
    /// <param name="now">The time of the answer.</param>
    /// <exception cref="DnsFailure">There is no answer, or it names nobody.</exception>
    public async Task<KnownName> ResolveAsync(TrustedName name, DateTimeOffset now)
    {
        var (networks, good) = name.IsSpf ? await new SpfWalk(dns).CollectAsync(name.Domain) : await OfHostAsync(name.Domain);
        if (networks.Count == 0)
            throw new DnsFailure($"{name.Domain} has no address");
        return new KnownName(name, now, now + TimeSpan.FromTicks(Math.Clamp(good.Ticks, Least.Ticks, Most.Ticks)), networks);
    }

    private async Task<(IReadOnlyList<IPNetwork> Networks, TimeSpan Good)> OfHostAsync(string host)
    {
        var (addresses, good) = await dns.FindHostAsync(host);
        return ([.. addresses.Select(HostKey.NetworkOf)], good);
    }
}
