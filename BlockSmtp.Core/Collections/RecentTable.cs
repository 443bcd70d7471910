using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Collections;

/// <summary>
/// A bounded memory of what was seen of late. Each key has one place, and whoever comes to it last has it. So nothing is read where
/// something is only to be remembered, and what was just remembered is near when it is looked for.
/// </summary>
/// <remarks>
/// For what may be forgotten. Where the oldest of all has to go, and to be told of, there is <see cref="AgingTable{TKey, TValue}"/>.
/// </remarks>
internal sealed class RecentTable<TValue>
    where TValue : unmanaged
{
    private readonly Place[] _places;

    /// <param name="capacity">How many are remembered at most; a power of two.</param>
    public RecentTable(int capacity)
    {
        Debug.Assert(BitOperations.IsPow2(capacity));
        _places = new Place[capacity];
    }

    private struct Place
    {
        // 0 for none.
        public ulong Key;
        public TValue Value;
    }

    /// <summary>What is known of a key; a null reference for nothing.</summary>
    /// <param name="key">The key, a mixed number.</param>
    /// <param name="near">A number that comes from the key, and is another for each of many keys that are of one time: they
    /// lie near each other then.</param>
    public ref TValue Find(ulong key, uint near)
    {
        ref var place = ref PlaceOf(near);
        return ref place.Key == (key | 1) ? ref place.Value : ref Unsafe.NullRef<TValue>();
    }

    /// <summary>Remembers something of a key.</summary>
    /// <inheritdoc cref="Find"/>
    public void Set(ulong key, uint near, in TValue value)
    {
        ref var place = ref PlaceOf(near);
        place.Key = key | 1;
        place.Value = value;
    }

    private ref Place PlaceOf(uint near) => ref _places[near & (uint)(_places.Length - 1)];
}
