using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Clocks;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>The wrong names that the hosts of an IPv4 /24 have tried that have never delivered anything: who guesses from a rented network takes many of its addresses.</summary>
/// <param name="mostNetworks">How many networks are remembered.</param>
/// <param name="deliveries">What hosts have delivered.</param>
internal sealed class Neighbourhoods(int mostNetworks, Deliveries deliveries)
{
    private const int Prefix = 24;
    private const int MostNames = 48;
    private const uint Size = 1u << (32 - Prefix);

    private readonly AgingTable<HostKey, Ring> _networks = new(mostNetworks);

    // Whether a network may be known here: nearly none of those that deliver is. Small enough for the nearest cache.
    private readonly ulong[] _filter = new ulong[1024];

    private struct Ring
    {
        public (uint Name, uint Time)[]? Names;
        public int Count;
        public FadingCount Delivered;
    }

    /// <summary>The network of a host; null where there is none to speak of.</summary>
    public static HostKey? Of(HostKey host) => host.IsIPv4 ? host.Within(Prefix) : null;

    /// <summary>A host that has delivered nothing has tried a name.</summary>
    public void Note(HostKey network, ulong name, long time, TimeSpan halfLife)
    {
        ref var ring = ref _networks.Touch(network, out var isNew, out _);
        if (isNew)
        {
            ring.Delivered = new FadingCount(deliveries.OfNetwork(network, Size, time, halfLife), time);
            var (word, bit) = PlaceOf(network);
            _filter[word] |= bit;
        }

        // Half of a name's key does to tell a few dozen apart.
        var (mark, at) = ((uint)(name >> 32), HalfSeconds.Of(time));
        for (var i = 0; i < Math.Min(ring.Count, MostNames); i++)
        {
            if (ring.Names![i].Name != mark)
                continue;
            ring.Names[i].Time = at;
            return;
        }

        if (ring.Names is null || (ring.Count == ring.Names.Length && ring.Count < MostNames))
            Array.Resize(ref ring.Names, Math.Min(MostNames, Math.Max(4, ring.Count * 2)));
        ring.Names[ring.Count++ % MostNames] = (mark, at);
        if (ring.Count == 2 * MostNames)
            ring.Count = MostNames;
    }

    /// <summary>A host of a network has delivered.</summary>
    public void NoteDelivery(HostKey network, long time, TimeSpan halfLife)
    {
        var (word, bit) = PlaceOf(network);
        if ((_filter[word] & bit) == 0)
            return;
        ref var ring = ref _networks.Find(network);
        if (!Unsafe.IsNullRef(ref ring))
            ring.Delivered = ring.Delivered.PlusOne(time, halfLife);
    }

    /// <summary>What is left of the deliveries of a network in which names were tried.</summary>
    public double DeliveriesOf(HostKey network, long time, TimeSpan halfLife)
    {
        ref var ring = ref _networks.Find(network);
        return Unsafe.IsNullRef(ref ring) ? 0 : ring.Delivered.At(time, halfLife);
    }

    /// <summary>How many names were tried since a time.</summary>
    public int Since(HostKey network, long time)
    {
        ref var ring = ref _networks.Find(network);
        if (Unsafe.IsNullRef(ref ring))
            return 0;
        var (since, count) = (HalfSeconds.Of(time), 0);
        for (var i = 0; i < Math.Min(ring.Count, MostNames); i++)
            count += ring.Names![i].Time > since ? 1 : 0;
        return count;
    }

    private (int Word, ulong Bit) PlaceOf(in HostKey network)
    {
        var hash = (uint)network.GetHashCode();
        return ((int)(hash >> 6) & (_filter.Length - 1), 1UL << (int)(hash & 63));
    }
}
