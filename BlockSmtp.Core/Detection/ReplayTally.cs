using System.Net;
using System.Runtime.InteropServices;
using BlockSmtp.Blocking;

namespace BlockSmtp.Detection;

/// <summary>Counts what a replay decides, host by host, and passes it on.</summary>
internal sealed class ReplayTally(IEngineObserver? observer, HeldDecisions? held) : IDecisionSink
{
    private readonly Dictionary<HostKey, ReplayHost> _hosts = [];

    // The offenses of one transaction come one after the other, with the same address.
    private IPAddress? _lastAddress;
    private ReplayHost? _last;

    public IReadOnlyCollection<ReplayHost> Hosts => _hosts.Values;

    public void OnOffense(in Offense offense)
    {
        var host = Touch(offense.Peer, offense.Time);
        host.Offenses++;
        if (observer is null)
            return;
        if (held is null)
            observer.OnOffense(offense);
        else
            held.Add(offense);
    }

    public void OnBlocked(Block block)
    {
        Touch(block.Network.BaseAddress, block.Since).Blocks++;
        Tell((to, years) => to.OnBlocked(Earlier(block, years)));
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) =>
        Tell((to, years) => to.OnReleased(Earlier(block, years), time.AddYears(-years), reason));

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
        Touch(peer, time).IgnoredBecause = reason;
        Tell((to, years) => to.OnIgnored(peer, time.AddYears(-years), offenses, reason));
    }

    /// <summary>The years are known: tells what was held back.</summary>
    public void Release(int years)
    {
        foreach (var host in _hosts.Values)
            (host.First, host.Last) = (host.First.AddYears(-years), host.Last.AddYears(-years));
        if (observer is not null)
            held?.Release(observer, years);
    }

    private static Block Earlier(Block block, int years) =>
        years == 0 ? block : block with { Since = block.Since.AddYears(-years), Until = block.Until.AddYears(-years) };

    private ReplayHost Touch(IPAddress address, DateTimeOffset time)
    {
        if (_last is null || !ReferenceEquals(_lastAddress, address))
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_hosts, HostKey.Of(address), out _);
            _last = known ??= new ReplayHost(address, time);
            _lastAddress = address;
        }

        if (time > _last.Last)
            _last.Last = time;
        return _last;
    }

    private void Tell(Action<IEngineObserver, int> tell)
    {
        if (observer is null)
            return;
        if (held is null)
            tell(observer, 0);
        else
            held.Add(tell);
    }
}
