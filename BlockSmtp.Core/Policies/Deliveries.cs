using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// How many different recipients hosts have delivered to, half of which is forgotten after a while. Bounded: the host that
/// has been quiet the longest goes.
/// </summary>
/// <param name="mostHosts">How many hosts of each family are remembered.</param>
/// <param name="areSummed">Whether <see cref="OfNetwork"/> is asked.</param>
internal sealed class Deliveries(int mostHosts, bool areSummed = false)
{
    private const int Words = 1024;

    // Who delivers all the time need not be put to the end of the queue each time.
    private static readonly long Shortly = TimeSpan.FromHours(1).Ticks;

    private readonly HostTable<Delivering> _hosts = new(mostHosts);

    // A bit for whether a host of an IPv4 network has ever delivered, shared by networks: none has where most of those live who guess.
    private readonly ulong[] _networks = areSummed ? new ulong[Words] : [];
    private readonly Lock _turn = new();

    private struct Delivering
    {
        public FadingCount Recipients;
        public SeenRecipients Seen;
    }

    /// <summary>What is left of a host's deliveries.</summary>
    public double Of(in HostKey host, long time, TimeSpan halfLife)
    {
        ref var known = ref _hosts.Find(host);
        return Unsafe.IsNullRef(ref known) ? 0 : known.Recipients.At(time, halfLife);
    }

    /// <summary>The same, for who is not in turn.</summary>
    public double OfSafely(in HostKey host, long time, TimeSpan halfLife)
    {
        lock (_turn)
            return Of(host, time, halfLife);
    }

    /// <summary>What is left of the deliveries of the hosts of an IPv4 /24; where there are any it takes a while to add them up.</summary>
    public double OfNetwork(in HostKey network, long time, TimeSpan halfLife)
    {
        var sum = 0.0;
        var (word, bit) = PlaceOf(network);
        if ((_networks[word] & bit) == 0)
            return sum;
        const uint size = 256;
        for (var host = 0u; host < size; host++)
            sum += Of(HostKey.OfIPv4(network.IPv4 | host), time, halfLife);
        return sum;
    }

    /// <summary>A host has delivered to a recipient. That earns it something once a half-life, however often it does so.</summary>
    public void Add(in HostKey host, ulong recipient, long time, TimeSpan halfLife)
    {
        ref var known = ref _hosts.Find(host);
        var isKnown = !Unsafe.IsNullRef(ref known);
        var seen = isKnown && known.Recipients.Time / halfLife.Ticks == time / halfLife.Ticks ? known.Seen : default;
        var earned = seen.Add(recipient);
        if (earned == 0)
            return;
        lock (_turn)
        {
            if (!isKnown || time - known.Recipients.Time >= Shortly)
                known = ref _hosts.Touch(host, out _, out _);
            if (!isKnown)
                NoteNetwork(host);
            known = new Delivering { Recipients = known.Recipients.Plus(earned, time, halfLife), Seen = seen };
        }
    }

    /// <summary>Writes a line for each host, the one that has been quiet the longest first.</summary>
    public void Save(TextWriter output)
    {
        KeyValuePair<HostKey, Delivering>[] hosts;
        lock (_turn)
            hosts = [.. _hosts.OldestFirst];
        foreach (var (host, delivering) in hosts)
        {
            var count = delivering.Recipients;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{host.ToNetwork()} {count.Number:R} {count.Time}"));
        }
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
            {
                var key = HostKey.Of(host);
                _hosts.Touch(key, out _, out _).Recipients = new FadingCount(count, at);
                NoteNetwork(key);
            }
        }
    }

    private void NoteNetwork(in HostKey host)
    {
        if (!areSummed || !host.IsIPv4)
            return;
        var (word, bit) = PlaceOf(host);
        _networks[word] |= bit;
    }

    private static (int Word, ulong Bit) PlaceOf(in HostKey host)
    {
        var mixed = (host.IPv4 >> 8) * 0x9E3779B1;
        return ((int)(mixed >> 16) / 64 % Words, 1ul << (int)((mixed >> 16) & 63));
    }
}
