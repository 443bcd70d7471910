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

    private readonly AgingTable<IPv4Key, Chain<Name>> _networks = new(mostNetworks);
    private readonly ChainLinks<Name> _links = new();

    // What a network has asked for is counted as what a host has delivered: different names, of which half is forgotten after a while.
    private readonly Deliveries _questions = new(mostNetworks);

    /// <summary>A name, by half of its key, which does to tell a few dozen apart, and when it was last tried.</summary>
    private struct Name
    {
        public uint Mark;

        // 0 for none.
        public uint Time;
    }

    /// <summary>The network of a host; null where there is none to speak of.</summary>
    public static HostKey? Of(HostKey host) => host.IsIPv4 ? host.Within(Prefix) : null;

    /// <summary>A host that has delivered nothing has tried a name; those that were tried before the window may be forgotten.</summary>
    public void Note(HostKey network, ulong name, long time, TimeSpan window)
    {
        var since = HalfSeconds.Of(time - window.Ticks);
        ForgetOldest(since);
        ref var names = ref _networks.Touch(new IPv4Key(network.IPv4), out _, out var givenUp);
        _links.Free(givenUp);
        var mark = (uint)(name >> 32);
        PlaceOf(ref names, mark, since) = new Name { Mark = mark, Time = HalfSeconds.Of(time) };
    }

    /// <summary>A host that has delivered nothing has asked for a name with a null sender.</summary>
    public void NoteQuestion(HostKey network, ulong name, long time, TimeSpan window) => _questions.Add(network, name, time, window);

    /// <summary>About how many different names were asked for with a null sender; half of them is forgotten after a window.</summary>
    public double QuestionsOf(HostKey network, long time, TimeSpan window) => _questions.Of(network, time, window);

    /// <summary>What is left of the deliveries of a network's hosts; it takes a while to add that up.</summary>
    public double DeliveriesOf(HostKey network, long time, TimeSpan halfLife) => deliveries.OfNetwork(network, time, halfLife);

    /// <summary>How many names were tried since a time.</summary>
    public int Since(HostKey network, long time)
    {
        ref var names = ref _networks.Find(new IPv4Key(network.IPv4));
        return Unsafe.IsNullRef(ref names) ? 0 : CountSince(ref names, HalfSeconds.Of(time));
    }

    /// <summary>Forgets a network or two in which no name was tried since a time; one at most is added meanwhile.</summary>
    private void ForgetOldest(uint since)
    {
        for (var i = 0; i < 2 && _networks.TryPeekOldest(out var network, out var names) && CountSince(ref names, since) == 0; i++)
        {
            _links.Free(names);
            _networks.Remove(network);
        }
    }

    private int CountSince(ref Chain<Name> names, uint since)
    {
        var count = 0;
        foreach (ref var name in _links.Of(ref names))
            count += name.Time > since ? 1 : 0;
        return count;
    }

    /// <summary>
    /// Where a name stands or is to stand: in the place of the one which was not tried for the longest when that does not count any more,
    /// or there are many.
    /// </summary>
    private ref Name PlaceOf(ref Chain<Name> names, uint mark, uint since)
    {
        var count = 0;
        ref var oldest = ref names.First;
        foreach (ref var name in _links.Of(ref names))
        {
            if (name.Mark == mark && name.Time != 0)
                return ref name;
            oldest = ref name.Time < oldest.Time ? ref name : ref oldest;
            count++;
        }

        return ref oldest.Time <= since || count == MostNames ? ref oldest : ref _links.Append(ref names);
    }
}
