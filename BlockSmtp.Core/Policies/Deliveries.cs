using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>How many different recipients hosts have delivered to, half of which is forgotten after a while. Bounded: the host that has been quiet the longest goes.</summary>
internal sealed class Deliveries(int mostHosts)
{
    // To whom hosts have delivered, so that a recipient earns once; of more the longest unseen earn again.
    private const int MostPairs = 262_144;

    // Who delivers all the time need not be put to the end of the queue each time.
    private static readonly long Shortly = TimeSpan.FromHours(1).Ticks;

    private readonly HostTable<FadingCount> _hosts = new(mostHosts);
    private readonly SeenKeys _pairs = new(MostPairs);
    private readonly Lock _turn = new();

    /// <summary>What is left of a host's deliveries.</summary>
    public double Of(in HostKey host, long time, TimeSpan halfLife)
    {
        ref var known = ref _hosts.Find(host);
        return Unsafe.IsNullRef(ref known) ? 0 : known.At(time, halfLife);
    }

    /// <summary>The same, for who is not in turn.</summary>
    public double OfSafely(in HostKey host, long time, TimeSpan halfLife)
    {
        lock (_turn)
            return Of(host, time, halfLife);
    }

    /// <summary>What is left of the deliveries of an IPv4 network's hosts; it takes a while to add that up.</summary>
    /// <param name="network">The network.</param>
    /// <param name="size">How many hosts it has.</param>
    /// <param name="time">The time now.</param>
    /// <param name="halfLife">After how long half is forgotten.</param>
    public double OfNetwork(in HostKey network, uint size, long time, TimeSpan halfLife)
    {
        var sum = 0.0;
        for (var host = 0u; host < size; host++)
            sum += Of(HostKey.OfIPv4(network.IPv4 | host), time, halfLife);
        return sum;
    }

    /// <summary>A host has delivered to a recipient. When it had done so before, it earns nothing by it.</summary>
    public void Add(in HostKey host, ulong recipient, long time, TimeSpan halfLife)
    {
        // Found first, so that the processor need not wait for one place in memory after the other.
        ref var known = ref _hosts.Find(host);
        // Both are seeded anew in each process, so nobody can choose a pair that looks like another one.
        if (!_pairs.Add(recipient ^ ((ulong)(uint)host.GetHashCode() * 0x9E37_79B9_7F4A_7C15)))
            return;
        lock (_turn)
        {
            if (Unsafe.IsNullRef(ref known) || time - known.Time >= Shortly)
                known = ref _hosts.Touch(host, out _);
            known = known.PlusOne(time, halfLife);
        }
    }

    /// <summary>Writes a line for each host, the one that has been quiet the longest first.</summary>
    public void Save(TextWriter output)
    {
        KeyValuePair<HostKey, FadingCount>[] hosts;
        lock (_turn)
            hosts = [.. _hosts.OldestFirst];
        foreach (var (host, count) in hosts)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{host.ToNetwork()} {count.Number:R} {count.Time}"));
    }

    /// <summary>Reads what was written.</summary>
    public void Load(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            if (line.Split(' ') is not [var network, var number, var time]
                || !IPNetwork.TryParse(network, out var host)
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
                || !double.IsFinite(count)
                || count < 0
                || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
                continue;
            lock (_turn)
                _hosts.Touch(HostKey.Of(host), out _) = new FadingCount(count, at);
        }
    }
}
