using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>The wrong names that the hosts of an IPv4 /24 have tried that have never delivered anything: who guesses from a rented network takes many of its addresses.</summary>
internal sealed class Neighbourhoods(int mostNetworks)
{
    private const int Prefix = 24;
    private const int MostNames = 48;

    private readonly AgingTable<HostKey, Ring> _networks = new(mostNetworks);

    private struct Ring
    {
        public (ulong Name, long Time)[]? Names;
        public int Count;
    }

    /// <summary>The network of a host; null where there is none to speak of.</summary>
    public static HostKey? Of(HostKey host) => host.IsIPv4 ? host.Within(Prefix) : null;

    /// <summary>A host that has delivered nothing has tried a name.</summary>
    public void Note(HostKey network, ulong name, long time)
    {
        ref var ring = ref _networks.Touch(network, out _, out _);
        for (var i = 0; i < Math.Min(ring.Count, MostNames); i++)
        {
            if (ring.Names![i].Name != name)
                continue;
            ring.Names[i].Time = time;
            return;
        }

        if (ring.Names is null || (ring.Count == ring.Names.Length && ring.Count < MostNames))
            Array.Resize(ref ring.Names, Math.Min(MostNames, Math.Max(4, ring.Count * 2)));
        ring.Names[ring.Count++ % MostNames] = (name, time);
        if (ring.Count == 2 * MostNames)
            ring.Count = MostNames;
    }

    /// <summary>How many names were tried since a time.</summary>
    public int Since(HostKey network, long time)
    {
        ref var ring = ref _networks.Find(network);
        if (Unsafe.IsNullRef(ref ring))
            return 0;
        var count = 0;
        for (var i = 0; i < Math.Min(ring.Count, MostNames); i++)
            count += ring.Names![i].Time > time ? 1 : 0;
        return count;
    }
}
