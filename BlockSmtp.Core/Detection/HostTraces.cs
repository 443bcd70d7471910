using System.Runtime.CompilerServices;
using BlockSmtp.Blocking;
using BlockSmtp.Collections;

namespace BlockSmtp.Detection;

/// <summary>What hosts that are not blocked have done so far, so that a block can say what it is based on. Bounded.</summary>
internal sealed class HostTraces
{
    private const int MostHosts = 65_536;

    private readonly AgingTable<HostKey, List<Offense>> _hosts = new(MostHosts);

    /// <summary>Keeps one more offense; of many, the latest.</summary>
    public void Add(HostKey host, in Offense offense)
    {
        ref var trace = ref _hosts.Touch(host, out _, out _);
        trace ??= [];
        if (trace.Count == Evidence.MaxRecipients)
            trace.RemoveAt(0);
        trace.Add(offense);
    }

    /// <summary>The latest offenses of a host, oldest first; null when there are none.</summary>
    public IReadOnlyList<Offense>? Find(HostKey host)
    {
        ref var trace = ref _hosts.Find(host);
        return Unsafe.IsNullRef(ref trace) ? null : [.. trace];
    }

    /// <summary>Makes evidence of the latest offenses of a host, as many as led to the verdict, and forgets them.</summary>
    public Evidence Take(HostKey host, int offenses)
    {
        var trace = _hosts.Find(host);
        _hosts.Remove(host);
        var counted = trace[Math.Max(0, trace.Count - offenses)..];
        return new Evidence(offenses, counted[0].Time, counted[^1].Time, [.. counted.Select(offense => offense.Recipient).OfType<string>()], counted[^1].Source);
    }
}
