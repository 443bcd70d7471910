using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>How many different recipients hosts have delivered to, half of which is forgotten after a while. Bounded: the host that has been quiet the longest goes.</summary>
internal sealed class Deliveries(int mostHosts)
{
    // To whom hosts have delivered, so that a recipient earns once; of more the longest unseen earn again.
    private const int MostPairs = 524_288;

    private readonly AgingTable<HostKey, (double Count, long Time)> _hosts = new(mostHosts);
    private readonly AgingTable<Pair, byte> _pairs = new(MostPairs);

    private readonly record struct Pair(HostKey Host, ulong Recipient);

    /// <summary>What is left of a host's deliveries.</summary>
    public double Of(HostKey host, long time, TimeSpan halfLife)
    {
        ref var known = ref _hosts.Find(host);
        return Unsafe.IsNullRef(ref known) ? 0 : known.Count * Math.Pow(0.5, Math.Max(0, time - known.Time) / (double)halfLife.Ticks);
    }

    /// <summary>Whether a recipient is a new one for a host.</summary>
    public bool IsNew(HostKey host, ulong recipient)
    {
        _pairs.Touch(new Pair(host, recipient), out var added, out _);
        return added;
    }

    /// <summary>One more recipient.</summary>
    public void Add(HostKey host, long time, TimeSpan halfLife)
    {
        var count = Of(host, time, halfLife);
        _hosts.Touch(host, out _, out _) = (count + 1, time);
    }
}
