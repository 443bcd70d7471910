using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Judging;

/// <summary>
/// What hosts have tried right after they were blocked, and were answered: should the block turn out to be unfounded, it counts after all.
/// Else who is let in again and again, as one that bounces is, would try most of his names for nothing.
/// </summary>
internal sealed class NamesWhileBlocked
{
    // By then a session that was going on is over.
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private const int MostHosts = 512;

    // More than are borne of the least of them.
    private const int MostNames = 48;

    private readonly AgingTable<HostKey, List<Offense>?> _names = new(MostHosts);

    /// <summary>A host is blocked and has made an offense.</summary>
    public void Add(in Offense offense, Block block)
    {
        // Of others it is not known yet whether they are those of bounces.
        if (offense.Sender == SenderKind.Unknown || block.Origin != BlockOrigin.Policy || offense.Time > block.Since + Lasts)
            return;
        ref var names = ref _names.Touch(HostKey.Of(block.Network), out _, out _);
        names ??= [];
        if (names.Count < MostNames)
            names.Add(offense);
    }

    /// <summary>A block is over: what was tried since it began is told once, and never of a later one.</summary>
    public IReadOnlyList<Offense> Take(IPNetwork network)
    {
        var key = HostKey.Of(network);
        if (_names.Count == 0 || !_names.TryGet(key, out var names) || names is null)
            return [];
        _names.Remove(key);
        return names;
    }
}
