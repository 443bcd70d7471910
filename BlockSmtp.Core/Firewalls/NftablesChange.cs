using System.Net;

namespace BlockSmtp.Firewalls;

/// <summary>What happens to one element of a set, in the order in which a transaction has to do it.</summary>
/// <param name="Set">The set.</param>
/// <param name="Network">The element.</param>
/// <param name="Seconds">For how long it is added; null where it is taken out.</param>
internal readonly record struct NftablesChange(NftablesSet Set, IPNetwork Network, long? Seconds)
{
    // 1000 days: of a number of seconds libnftables takes no more than eight digits.
    private const long LongestTimeout = 86_400_000;

    /// <summary>How many of these a block or a release comes to, at most.</summary>
    public const int MostOfOne = 3;

    /// <summary>Whether it is done by the same command as another.</summary>
    public bool IsLike(in NftablesChange other) => Set == other.Set && Seconds is null == other.Seconds is null;

    /// <summary>Adds networks, each until its end, to sets that have none of them.</summary>
    public static IEnumerable<NftablesChange> Adding(IEnumerable<KeyValuePair<IPNetwork, DateTimeOffset>> ends, DateTimeOffset now) =>
        ends.GroupBy(end => NftablesSet.Of(end.Key)).SelectMany(group => group, (group, end) => Add(group.Key, end.Key, end.Value, now));

    /// <summary>Blocks, again where it is blocked, and releases, also what is not there.</summary>
    public static IEnumerable<NftablesChange> Changing(IEnumerable<KeyValuePair<IPNetwork, DateTimeOffset?>> changes, DateTimeOffset now)
    {
        foreach (var group in changes.GroupBy(change => NftablesSet.Of(change.Key)))
        {
            // What is there can be deleted, and only what is not there gets a new timeout: Linux before 6.12 leaves an
            // element that is added again as it is. All is one transaction: no packet sees what is between.
            foreach (var (network, _) in group)
                yield return new(group.Key, network, 1);
            foreach (var (network, _) in group)
                yield return new(group.Key, network, null);
            foreach (var (network, until) in group)
            {
                if (until is { } end)
                    yield return Add(group.Key, network, end, now);
            }
        }
    }

    private static NftablesChange Add(NftablesSet set, IPNetwork network, DateTimeOffset until, DateTimeOffset now) =>
        new(set, network, KernelTimeout.Seconds(until, now, LongestTimeout));
}
