using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Collections;

/// <summary>
/// A hash table of bounded size that knows which entry has gone untouched the longest, and gives that one up when it is
/// full. Every operation costs the same however many entries there are, and none allocates once the table has grown.
/// </summary>
/// <remarks>What a client can make us remember must be bounded, and the oldest memory is worth the least.</remarks>
internal sealed class AgingTable<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
{
    private const int None = -1;
    private const int SmallestSize = 16;

    private readonly int _capacity;
    private int[] _buckets;
    private Pages<Entry> _entries = new(SmallestSize);
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;

    public AgingTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _buckets = NewBuckets(SmallestSize);
    }

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
        public int NextInBucket;
        public int Older;
        public int Newer;
    }

    public int Count { get; private set; }

    /// <summary>The value of a key, or a null reference when there is none. Does not touch the entry.</summary>
    public ref TValue Find(scoped in TKey key)
    {
        var index = IndexOf(key);
        return ref index == None ? ref Unsafe.NullRef<TValue>() : ref At(index).Value;
    }

    /// <summary>The value of a key, which becomes the newest; a new one (default) when there was none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="added">True when it was not there.</param>
    /// <param name="givenUp">The value of the oldest entry when that had to go, else default.</param>
    public ref TValue Touch(scoped in TKey key, out bool added, out TValue? givenUp)
    {
        givenUp = default;
        var index = IndexOf(key);
        added = index == None;
        if (added)
            index = Add(key, out givenUp);
        ref var entry = ref At(index);
        if (index == _newest)
            return ref entry.Value;
        if (!added)
            Unlink(entry);
        LinkNewest(index, ref entry);
        return ref entry.Value;
    }

    public bool Remove(in TKey key)
    {
        var index = IndexOf(key);
        if (index == None)
            return false;
        RemoveAt(index);
        return true;
    }

    /// <summary>The entry that has gone untouched the longest.</summary>
    public bool TryPeekOldest(out TKey key, [MaybeNull] out TValue value)
    {
        if (_oldest == None)
        {
            key = default;
            value = default;
            return false;
        }

        ref var entry = ref At(_oldest);
        (key, value) = (entry.Key, entry.Value);
        return true;
    }

    /// <summary>The value that has gone untouched the longest; a null reference when there is none.</summary>
    public ref TValue Oldest => ref _oldest == None ? ref Unsafe.NullRef<TValue>() : ref At(_oldest).Value;

    /// <summary>Everything, that which has gone untouched the longest first. Nothing may change meanwhile.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> OldestFirst
    {
        get
        {
            for (var index = _oldest; index != None; index = At(index).Newer)
                yield return new(At(index).Key, At(index).Value);
        }
    }

    public bool TryGet(in TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ref var found = ref Find(key);
        if (Unsafe.IsNullRef(ref found))
        {
            value = default;
            return false;
        }

        value = found;
        return true;
    }

    public void Clear()
    {
        while (_oldest != None)
            RemoveAt(_oldest);
    }

    private static int[] NewBuckets(int size)
    {
        var buckets = new int[size];
        Array.Fill(buckets, None);
        return buckets;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry At(int index) => ref _entries[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int BucketOf(scoped in TKey key) => ref _buckets[key.GetHashCode() & (_buckets.Length - 1)];

    private int IndexOf(in TKey key)
    {
        var index = BucketOf(key);
        while (index != None)
        {
            ref var entry = ref At(index);
            if (entry.Key.Equals(key))
                break;
            index = entry.NextInBucket;
        }

        return index;
    }

    /// <summary>An entry for a new key, which is neither older nor newer than any.</summary>
    private int Add(in TKey key, out TValue? givenUp)
    {
        givenUp = default;
        if (Count == _capacity)
        {
            givenUp = At(_oldest).Value;
            RemoveAt(_oldest);
        }

        var index = Take();
        ref var entry = ref At(index);
        ref var bucket = ref BucketOf(key);
        entry.Key = key;
        entry.NextInBucket = bucket;
        bucket = index;
        Count++;
        return index;
    }

    /// <summary>An unused entry, from the free ones or from more room.</summary>
    private int Take()
    {
        if (_free != None)
        {
            var index = _free;
            _free = At(index).NextInBucket;
            return index;
        }

        var taken = _entries.Take();
        // Two entries a bucket at most: what is looked for is mostly the first.
        if (_entries.Room > 2 * _buckets.Length)
            GrowBuckets();
        return taken;
    }

    private void GrowBuckets()
    {
        _buckets = NewBuckets(_buckets.Length * 2);
        for (var index = _oldest; index != None; index = At(index).Newer)
        {
            ref var entry = ref At(index);
            ref var bucket = ref BucketOf(entry.Key);
            entry.NextInBucket = bucket;
            bucket = index;
        }
    }

    private void RemoveAt(int index)
    {
        ref var entry = ref At(index);
        ref var slot = ref BucketOf(entry.Key);
        while (slot != index)
            slot = ref At(slot).NextInBucket;
        slot = entry.NextInBucket;
        Unlink(entry);
        entry = default;
        entry.NextInBucket = _free;
        _free = index;
        Count--;
    }

    private void Unlink(in Entry entry)
    {
        if (entry.Older == None)
            _oldest = entry.Newer;
        else
            At(entry.Older).Newer = entry.Newer;
        if (entry.Newer == None)
            _newest = entry.Older;
        else
            At(entry.Newer).Older = entry.Older;
    }

    private void LinkNewest(int index, ref Entry entry)
    {
        (entry.Older, entry.Newer) = (_newest, None);
        if (_newest == None)
            _oldest = index;
        else
            At(_newest).Newer = index;
        _newest = index;
    }
}
