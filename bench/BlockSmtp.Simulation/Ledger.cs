using System.Net;

namespace BlockSmtp.Simulation;

/// <summary>
/// What the engine has to know by now, kept by simpler rules than its own; goes to the disk with its state, and comes back from there.
/// </summary>
internal sealed class Ledger
{
    /// <summary>The lines that were handed out.</summary>
    public HashSet<int> Read { get; private init; } = [];

    /// <summary>The guesses that have been told as offenses, by the numbers in their names.</summary>
    public HashSet<int> Told { get; private init; } = [];

    /// <summary>When hosts have made the guesses that count.</summary>
    public Dictionary<IPAddress, List<DateTimeOffset>> Counted { get; private init; } = [];

    /// <summary>Who is blocked.</summary>
    public HashSet<IPAddress> Blocked { get; private init; } = [];

    /// <summary>
    /// Of whom cannot be said exactly what counts, since the wall clock was set, or a store came late that others had counted without.
    /// </summary>
    public HashSet<IPAddress> Unclear { get; private init; } = [];

    public Ledger Copy() => new()
    {
        Read = [.. Read],
        Told = [.. Told],
        Counted = Counted.ToDictionary(entry => entry.Key, entry => entry.Value.ToList()),
        Blocked = [.. Blocked],
        Unclear = [.. Unclear],
    };

    /// <summary>Takes over what the disk has.</summary>
    /// <param name="kept">The ledger as it was when it was written.</param>
    /// <param name="blocked">Whose blocks are not over.</param>
    /// <param name="since">What happened before that counts no more.</param>
    public void Take(Ledger kept, IReadOnlyCollection<IPAddress> blocked, DateTimeOffset since)
    {
        Read.UnionWith(kept.Read);
        Told.UnionWith(kept.Told);
        Unclear.UnionWith(kept.Unclear);
        Blocked.UnionWith(blocked);
        foreach (var (host, times) in kept.Counted)
        {
            var young = times.Where(time => time > since).Order().ToList();
            if (Counted.TryGetValue(host, out var own))
                Unclear.Add(host);
            else
                Counted.Add(host, own = []);
            own.AddRange(young);
            // Who is blocked by hand, or over again, is not judged by what was before.
            if (Blocked.Contains(host) || young.Count > Rule.MaxOffenses)
                Unclear.Add(host);
        }
    }

    /// <summary>A guess counts.</summary>
    /// <returns>Whether it is one too many.</returns>
    public bool Count(IPAddress host, DateTimeOffset time)
    {
        if (!Counted.TryGetValue(host, out var times))
            Counted.Add(host, times = []);
        var old = 0;
        while (old < times.Count && time - times[old] >= Rule.Window)
            old++;
        times.RemoveRange(0, old);
        times.Add(time);
        return times.Count > Rule.MaxOffenses;
    }

    /// <summary>Counting begins anew.</summary>
    public void Forget(IPAddress host)
    {
        Counted.Remove(host);
        Unclear.Remove(host);
    }
}
