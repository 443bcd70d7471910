using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;
using BlockSmtp.State;

namespace BlockSmtp.Judging;

/// <summary>
/// What hosts that are not blocked have done so far, so that a block can say what it is based on, and a later run can count on.
/// Bounded.
/// </summary>
/// <param name="uncommitted">Is told of every host of which something changes; null when nobody keeps it, and less is needed.</param>
/// <param name="keepFor">How long an offense is kept.</param>
internal sealed class HostTraces(UncommittedState? uncommitted, TimeSpan keepFor)
{
    private const int MostHosts = 65_536;
    private const int MostKept = 1_000_000;

    // A block that may turn out to be unfounded does so when the transaction is over that led to it.
    private const int MostTaken = 1_024;

    // What a host takes whatever it has tried: its entry, and the objects that hold its offenses.
    private const int SizeOfHost = 200;
    private const int SizeOfText = 24;
    private const int SizeOfTransaction = 56;

    // The names that were tried are a client's, and as long as it likes: they may take an eighth of what the process may (systemd's
    // MemoryMax, a container's limit).
    private static readonly long MostBytes = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, 16L << 20, 256L << 20);

    // As many as the strictest reader of them counts: CountPolicyOptions.MaxOffenses.
    private readonly int _mostOfHost = uncommitted is null ? Evidence.MaxRecipients : 10_000;
    private readonly AgingTable<HostKey, Trace> _hosts = new(MostHosts);

    // What blocks were made of, by what is blocked. It counts no more, unless the block turns out to be unfounded.
    private readonly AgingTable<HostKey, Trace> _taken = new(MostTaken);

    // How many offenses are kept of each transaction, whoever made them.
    private readonly Dictionary<ulong, int> _ofTransaction = [];
    private int _kept;
    private long _bytes;

    /// <summary>How long an offense is kept.</summary>
    public TimeSpan KeepFor { get; set; } = keepFor;

    /// <summary>How many offenses were looked at for those of a transaction that has ended.</summary>
    internal long LookedAt { get; private set; }

    /// <summary>What all of it takes.</summary>
    internal long Bytes => _bytes;

    private sealed record Trace(IPAddress Host, List<Offense> Offenses);

    /// <summary>All of it, the host first that has been quiet the longest.</summary>
    public IEnumerable<HostOffenses> All =>
        _hosts.OldestFirst.Select(entry => new HostOffenses(entry.Value.Host, [.. entry.Value.Offenses]));

    /// <summary>What is kept of a host; may be none.</summary>
    public HostOffenses Of(IPAddress host)
    {
        var key = HostKey.Of(host);
        return new HostOffenses(host, _hosts.TryGet(key, out var trace) ? [.. trace.Offenses] : []);
    }

    /// <summary>Keeps one more offense; of many, the latest.</summary>
    public void Add(HostKey host, in Offense offense)
    {
        var before = offense.Time.UtcTicks - KeepFor.Ticks;
        ForgetOld(before);
        ref var trace = ref _hosts.Touch(host, out _, out var givenUp);
        if (trace is null)
        {
            trace = new Trace(offense.Peer, []);
            _bytes += SizeOfHost;
        }

        var old = trace.Offenses.Count == _mostOfHost ? 1 : 0;
        while (old < trace.Offenses.Count && trace.Offenses[old].Time.UtcTicks < before)
            old++;
        Uncount(trace.Offenses, old);
        trace.Offenses.RemoveRange(0, old);

        // What has waited for its host comes later than it has happened.
        var at = trace.Offenses.Count;
        while (at > 0 && trace.Offenses[at - 1].Time > offense.Time)
            at--;
        trace.Offenses.Insert(at, offense);
        Count(offense);
        uncommitted?.Touch(offense.Peer);
        if (givenUp is not null)
            OnForgotten(givenUp);
    }

    /// <summary>
    /// A transaction of a host is over: what it was is kept with the offenses in it, so that a later run weighs them alike.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="end">What it was.</param>
    /// <param name="blocked">What is blocked of it; null where it is not blocked.</param>
    public void End(HostKey host, in TransactionEnd end, IPNetwork? blocked = null)
    {
        if (!_ofTransaction.TryGetValue(end.Transaction, out var count))
            return;
        if (_hosts.TryGet(host, out var trace) && TryEnd(trace.Offenses, end, count))
            uncommitted?.Touch(trace.Host);
        if (blocked is { } network && _taken.TryGet(HostKey.Of(network), out var taken))
            TryEnd(taken.Offenses, end, count);
    }

    /// <summary>Marks the offenses of a transaction, of which so many are kept; false when there are none.</summary>
    private bool TryEnd(List<Offense> offenses, in TransactionEnd end, int count)
    {
        // They are among the latest: however much is kept of a host, what was before them is not looked at.
        List<int>? its = null;
        for (var i = offenses.Count - 1; i >= 0 && count > 0; i--)
        {
            LookedAt++;
            if (offenses[i].Transaction != end.Transaction)
                continue;
            (its ??= []).Add(i);
            count--;
        }

        if (its is null)
            return false;
        var names = its.Select(i => offenses[i].RecipientKey).Distinct().Count();
        var sender = end.IsQuestion(names) ? SenderKind.Null : SenderKind.Named;
        foreach (var i in its)
            offenses[i] = offenses[i] with { Sender = sender };
        return true;
    }

    /// <summary>The latest offenses of a host, oldest first; null when there are none.</summary>
    public IReadOnlyList<Offense>? Find(HostKey host)
    {
        ref var trace = ref _hosts.Find(host);
        return Unsafe.IsNullRef(ref trace) ? null : [.. trace.Offenses];
    }

    /// <summary>
    /// The hosts of the fleet, and null for this one, that have seen some of the latest offenses of a host, but for
    /// the one that saw what decided.
    /// </summary>
    public IReadOnlyList<string?> OthersThatSaw(HostKey host, string? decider)
    {
        List<string?>? others = null;
        if (_hosts.TryGet(host, out var trace))
        {
            foreach (var offense in trace.Offenses)
            {
                if (offense.Node != decider && others?.Contains(offense.Node) != true)
                    (others ??= []).Add(offense.Node);
            }
        }

        return others ?? [];
    }

    /// <summary>
    /// Makes evidence of the latest offenses of a host, as many as led to the verdict, and puts all of them by for <see cref="GiveBack"/>.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="offenses">How many led to it.</param>
    /// <param name="blocked">What is blocked for them.</param>
    public Evidence? Take(HostKey host, int offenses, IPNetwork blocked)
    {
        Settle(blocked);
        if (!_hosts.TryGet(host, out var trace))
            return null;
        _hosts.Remove(host);
        uncommitted?.Touch(trace.Host);
        _taken.Touch(HostKey.Of(blocked), out _, out var givenUp) = trace;
        if (givenUp is not null)
            Uncount(givenUp);
        var counted = trace.Offenses[Math.Max(0, trace.Offenses.Count - Math.Min(offenses, Evidence.MaxRecipients))..];
        return new Evidence(
            offenses,
            counted[0].Time,
            counted[^1].Time,
            [.. counted.Select(offense => offense.Recipient).OfType<string>()],
            counted[^1].Source)
        {
            Mailer = counted[^1].Mailer,
        };
    }

    /// <summary>A block was unfounded: what it was made of counts again.</summary>
    public void GiveBack(IPNetwork blocked)
    {
        if (Settle(blocked) is not { } trace)
            return;
        foreach (var offense in trace.Offenses)
            Add(offense.Key, offense);
    }

    /// <summary>A block is over: what it was made of will never count again.</summary>
    public void OnOver(IPNetwork blocked) => Settle(blocked);

    private Trace? Settle(IPNetwork blocked)
    {
        var key = HostKey.Of(blocked);
        if (_taken.Count == 0 || !_taken.TryGet(key, out var trace))
            return null;
        _taken.Remove(key);
        Uncount(trace);
        return trace;
    }

    /// <summary>Forgets what a host has done.</summary>
    public void Forget(HostKey host)
    {
        if (_hosts.TryGet(host, out var trace))
        {
            _hosts.Remove(host);
            OnForgotten(trace);
        }
    }

    private void ForgetOld(long before)
    {
        while (TryPeekOldest(_taken, before, out var network, out var taken))
        {
            _taken.Remove(network);
            Uncount(taken);
        }

        while (TryPeekOldest(_hosts, before, out var host, out var oldest))
        {
            _hosts.Remove(host);
            OnForgotten(oldest);
        }
    }

    /// <summary>The oldest of a table, if that has to go.</summary>
    private bool TryPeekOldest(AgingTable<HostKey, Trace> traces, long before, out HostKey key, [NotNullWhen(true)] out Trace? oldest) =>
        traces.TryPeekOldest(out key, out oldest)
            && (_kept > MostKept || _bytes > MostBytes || oldest!.Offenses[^1].Time.UtcTicks < before);

    private void OnForgotten(Trace trace)
    {
        Uncount(trace);
        uncommitted?.Touch(trace.Host);
    }

    private void Uncount(Trace trace)
    {
        Uncount(trace.Offenses, trace.Offenses.Count);
        _bytes -= SizeOfHost;
    }

    private void Count(in Offense offense)
    {
        _kept++;
        _bytes += SizeOf(offense);
        if (offense.Transaction != 0)
            CollectionsMarshal.GetValueRefOrAddDefault(_ofTransaction, offense.Transaction, out _)++;
    }

    private void Uncount(List<Offense> offenses, int count)
    {
        _kept -= count;
        for (var i = 0; i < count; i++)
        {
            var offense = offenses[i];
            _bytes -= SizeOf(offense);
            if (offense.Transaction != 0 && --CollectionsMarshal.GetValueRefOrNullRef(_ofTransaction, offense.Transaction) == 0)
                _ofTransaction.Remove(offense.Transaction);
        }
    }

    // A list that grows has room for as many again.
    private static long SizeOf(in Offense offense) =>
        (2 * Unsafe.SizeOf<Offense>())
        + (offense.Recipient is { } name ? SizeOfText + (sizeof(char) * name.Length) : 0)
        + (offense.Transaction != 0 ? SizeOfTransaction : 0);
}
