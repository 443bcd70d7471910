using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.Judging;

namespace BlockSmtp.Replay;

/// <summary>Counts what a replay decides, host by host, and passes it on.</summary>
internal sealed class ReplayTally(IEngineObserver? observer, UndatedDecisions? held, bool countsDeliveries) : IDecisionSink
{
    private const int MostDelivering = 262_144;

    private readonly bool _tellsOffenses = observer is { WantsOffenses: true };
    private readonly KnownHosts _hosts = new();

    // Also of hosts that may never offend. Bounded: the oldest is forgotten.
    private readonly AgingTable<HostKey, long>? _deliveries = countsDeliveries ? new(MostDelivering) : null;

    // The offenses of one transaction come one after the other, with one object for their host.
    private IPAddress? _lastPeer;
    private ReplayHost? _last;

    public IReadOnlyCollection<ReplayHost> Hosts => _hosts.All;

    public void OnOffense(in Offense offense)
    {
        var host = Touch(offense.Key, offense.Peer, offense.Time);
        host.Offenses++;
        host.Mailer = offense.Mailer;
        if (!_tellsOffenses)
            return;
        if (held is null)
            observer!.OnOffense(offense);
        else
            held.Add(offense);
    }

    public void OnAcceptance(in Acceptance acceptance)
    {
        // Each recipient has a delivery of his own: the message counts with the first.
        if (_deliveries is not null && acceptance is { Kind: AcceptanceKind.Delivery, IsFirst: true })
            _deliveries.Touch(acceptance.Key, out _, out _)++;
    }

    public void OnBlocked(Block block)
    {
        Touch(HostKey.Of(block.Network), block.Network.BaseAddress, block.Since).Blocks++;
        if (observer is null)
            return;
        if (held is null)
            observer.OnBlocked(block);
        else
            held.Add(block);
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        if (observer is null)
            return;
        if (held is null)
            observer.OnReleased(block, time, reason);
        else
            held.Add(block, time, reason);
    }

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
        Touch(HostKey.Of(peer), peer, time).IgnoredBecause = reason;
        Tell((to, years) => to.OnIgnored(peer, time.AddYears(-years), offenses, reason));
    }

    public void OnAlarm(GuessingAlarm alarm) => Tell((to, years) => to.OnAlarm(alarm with { Time = alarm.Time.AddYears(-years) }));

    /// <summary>The years are known: tells what was held back.</summary>
    public void Release(int years)
    {
        foreach (var host in _hosts.All)
        {
            host.GoBack(years);
            host.Deliveries = DeliveriesOf(host.Address);
        }

        if (observer is not null)
            held?.Release(observer, years);
    }

    private long DeliveriesOf(IPAddress host)
    {
        if (_deliveries is null)
            return 0;
        ref var count = ref _deliveries.Find(HostKey.Of(host));
        return Unsafe.IsNullRef(ref count) ? 0 : count;
    }

    private ReplayHost Touch(in HostKey key, IPAddress address, DateTimeOffset time)
    {
        if (_last is null || !ReferenceEquals(_lastPeer, address))
        {
            _last = _hosts.Find(key) ?? _hosts.Add(new ReplayHost(address, key, time));
            _lastPeer = address;
        }

        _last.OnSeen(time);
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
