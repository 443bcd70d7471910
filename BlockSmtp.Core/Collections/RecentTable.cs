using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Collections;

/// <summary>
/// A bounded memory of what was seen of late, by a key that is a mixed number. Its places are in groups of four that lie side by side; in a full group the one that was
/// added first goes. Of some hundred million keys that are not there one is taken for another.
/// </summary>
/// <remarks>For what may be forgotten. Where the oldest of all has to go, and to be told of, there is <see cref="AgingTable{TKey, TValue}"/>.</remarks>
internal sealed class RecentTable<TValue>
    where TValue : unmanaged
{
    private const int Ways = 4;

    private readonly Place[] _places;

    /// <param name="capacity">How many are remembered at most; a power of two.</param>
    public RecentTable(int capacity)
    {
        Debug.Assert(BitOperations.IsPow2(capacity) && capacity >= Ways);
        _places = new Place[capacity];
    }

    private struct Place
    {
        // Half of the key; 0 for none.
        public uint Mark;
        public TValue Value;
    }

    /// <summary>What is known of a key; a null reference for nothing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="near">A number that comes from the key, and is alike for those that are looked for at about the same time: they lie near each other then.</param>
    public ref TValue Find(ulong key, uint near)
    {
        var mark = MarkOf(key);
        var group = GroupOf(near);
        for (var i = 0; i < group.Length; i++)
        {
            if (group[i].Mark == mark)
                return ref group[i].Value;
        }

        return ref Unsafe.NullRef<TValue>();
    }

    /// <summary>Remembers something of a key, in place of what was known of it.</summary>
    /// <inheritdoc cref="Find"/>
    public void Set(ulong key, uint near, in TValue value)
    {
        var mark = MarkOf(key);
        var group = GroupOf(near);
        var at = 0;
        while (at < Ways - 1 && group[at].Mark != mark && group[at].Mark != 0)
            at++;
        // The newest stands first.
        for (; at > 0; at--)
            group[at] = group[at - 1];
        group[0] = new Place { Mark = mark, Value = value };
    }

    private static uint MarkOf(ulong key) => Math.Max(1, (uint)(key >> 32));

    private Span<Place> GroupOf(uint near) => _places.AsSpan((int)(near * Ways) & (_places.Length - Ways), Ways);
}
