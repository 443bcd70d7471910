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
    private const int MostPairs = 524_288;

    private readonly HostTable<Count> _hosts = new(mostHosts);
    private readonly AgingTable<ulong, byte> _pairs = new(MostPairs);
    private readonly Lock _turn = new();

    private readonly record struct Count(double Number, long Time);

    /// <summary>What is left of a host's deliveries.</summary>
    public double Of(HostKey host, long time, TimeSpan halfLife)
    {
        ref var known = ref _hosts.Find(host);
        return Unsafe.IsNullRef(ref known) ? 0 : known.Number * Math.Pow(0.5, Math.Max(0, time - known.Time) / (double)halfLife.Ticks);
    }

    /// <summary>The same, for who is not in turn.</summary>
    public double OfSafely(HostKey host, long time, TimeSpan halfLife)
    {
        lock (_turn)
            return Of(host, time, halfLife);
    }

    /// <summary>Whether a recipient is a new one for a host.</summary>
    public bool IsNew(HostKey host, ulong recipient)
    {
        // Both are seeded anew in each process, so nobody can choose a pair that looks like another one.
        _pairs.Touch(recipient ^ ((ulong)(uint)host.GetHashCode() * 0x9E37_79B9_7F4A_7C15), out var added, out _);
        return added;
    }

    /// <summary>One more recipient.</summary>
    public void Add(HostKey host, long time, TimeSpan halfLife)
    {
        var count = new Count(Of(host, time, halfLife) + 1, time);
        lock (_turn)
            _hosts.Touch(host, out _) = count;
    }

    /// <summary>Writes a line for each host, the one that has been quiet the longest first.</summary>
    public void Save(TextWriter output)
    {
        KeyValuePair<HostKey, Count>[] hosts;
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
                _hosts.Touch(HostKey.Of(host), out _) = new Count(count, at);
        }
    }
}
