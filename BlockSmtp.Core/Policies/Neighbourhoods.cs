using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Clocks;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// The wrong names that the hosts of an IPv4 /24 have tried that have never delivered anything: who guesses from a rented
/// network takes many of its addresses.
/// </summary>
/// <param name="mostNetworks">How many networks are remembered.</param>
/// <param name="deliveries">What hosts have delivered.</param>
internal sealed class Neighbourhoods(int mostNetworks, Deliveries deliveries)
{
    private const int Prefix = 24;
    private const int MostNames = 48;
    private const uint Size = 1u << (32 - Prefix);

    private readonly AgingTable<IPv4Key, ShortList<Name>> _networks = new(mostNetworks);

    /// <summary>A name, by half of its key, which does to tell a few dozen apart, and when it was last tried.</summary>
    private struct Name
    {
        public uint Mark;

        // 0 for none.
        public uint Time;
    }

    /// <summary>The network of a host; null where there is none to speak of.</summary>
    public static HostKey? Of(HostKey host) => host.IsIPv4 ? host.Within(Prefix) : null;

    /// <summary>A host that has delivered nothing has tried a name.</summary>
    public void Note(HostKey network, ulong name, long time)
    {
        ref var names = ref _networks.Touch(new IPv4Key(network.IPv4), out _, out _);
        var mark = (uint)(name >> 32);
        names[PlaceOf(ref names, mark)] = new Name { Mark = mark, Time = HalfSeconds.Of(time) };
    }

    /// <summary>What is left of the deliveries of a network's hosts; it takes a while to add that up.</summary>
    public double DeliveriesOf(HostKey network, long time, TimeSpan halfLife) => deliveries.OfNetwork(network, Size, time, halfLife);

    /// <summary>How many names were tried since a time.</summary>
    public int Since(HostKey network, long time)
    {
        ref var names = ref _networks.Find(new IPv4Key(network.IPv4));
        if (Unsafe.IsNullRef(ref names))
            return 0;
        var (since, count) = (HalfSeconds.Of(time), 0);
        for (var i = 0; i < names.Room; i++)
            count += names.At(i).Time > since ? 1 : 0;
        return count;
    }

    /// <summary>
    /// Where a name stands or is to stand: in a free place, or of many in that of the one which was not tried for the longest.
    /// </summary>
    private static int PlaceOf(ref ShortList<Name> names, uint mark)
    {
        var oldest = 0;
        for (var i = 0; i < names.Room; i++)
        {
            var (known, time) = (names.At(i).Mark, names.At(i).Time);
            if (known == mark || time == 0)
                return i;
            oldest = time < names.At(oldest).Time ? i : oldest;
        }

        if (names.Room == MostNames)
            return oldest;
        var free = names.Room;
        names.Grow(MostNames);
        return free;
    }
}
