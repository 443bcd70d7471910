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
    private const int LargeSize = 1024;

    private readonly int _capacity;
    private int[] _buckets;
    private Entry[] _entries;
    private int _used;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;

    public AgingTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _buckets = NewBuckets(SmallestSize);
        _entries = new Entry[SmallestSize];
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
        return ref index == None ? ref Unsafe.NullRef<TValue>() : ref _entries[index].Value;
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
        {
            if (Count == _capacity)
            {
                givenUp = _entries[_oldest].Value;
                RemoveAt(_oldest);
            }

            index = Take();
            ref var entry = ref _entries[index];
            ref var bucket = ref BucketOf(key);
            entry.Key = key;
            entry.NextInBucket = bucket;
            bucket = index;
            Count++;
        }
        else if (index == _newest)
        {
            return ref _entries[index].Value;
        }
        else
        {
            Unlink(index);
        }

        LinkNewest(index);
        return ref _entries[index].Value;
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

        ref var entry = ref _entries[_oldest];
        (key, value) = (entry.Key, entry.Value);
        return true;
    }

    /// <summary>The value that has gone untouched the longest; a null reference when there is none.</summary>
    public ref TValue Oldest => ref _oldest == None ? ref Unsafe.NullRef<TValue>() : ref _entries[_oldest].Value;

    /// <summary>Everything, that which has gone untouched the longest first. Nothing may change meanwhile.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> OldestFirst
    {
        get
        {
            for (var index = _oldest; index != None; index = _entries[index].Newer)
                yield return new(_entries[index].Key, _entries[index].Value);
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

    private ref int BucketOf(scoped in TKey key) => ref _buckets[key.GetHashCode() & (_buckets.Length - 1)];

    private int IndexOf(in TKey key)
    {
        for (var index = BucketOf(key); index != None; index = _entries[index].NextInBucket)
        {
            if (_entries[index].Key.Equals(key))
                return index;
        }

        return None;
    }

    /// <summary>An unused entry, from the free ones or from more room.</summary>
    private int Take()
    {
        if (_free != None)
        {
            var index = _free;
            _free = _entries[index].NextInBucket;
            return index;
        }

        if (_used == _entries.Length)
            Grow();
        return _used++;
    }

    private void Grow()
    {
        // A large one by less than it has, so that not half of it is empty; there are never fewer buckets than entries.
        Array.Resize(ref _entries, _entries.Length + (_entries.Length < LargeSize ? _entries.Length : _entries.Length / 4));
        if (_entries.Length <= _buckets.Length)
            return;
        _buckets = NewBuckets(_buckets.Length * 2);
        for (var index = _oldest; index != None; index = _entries[index].Newer)
        {
            ref var bucket = ref BucketOf(_entries[index].Key);
            _entries[index].NextInBucket = bucket;
            bucket = index;
        }
    }

    private void RemoveAt(int index)
    {
        ref var slot = ref BucketOf(_entries[index].Key);
        while (slot != index)
            slot = ref _entries[slot].NextInBucket;
        slot = _entries[index].NextInBucket;
        Unlink(index);
        _entries[index] = default;
        _entries[index].NextInBucket = _free;
        _free = index;
        Count--;
    }

    private void Unlink(int index)
    {
        var (older, newer) = (_entries[index].Older, _entries[index].Newer);
        if (older == None)
            _oldest = newer;
        else
            _entries[older].Newer = newer;
        if (newer == None)
            _newest = older;
        else
            _entries[newer].Older = older;
    }

    private void LinkNewest(int index)
    {
        _entries[index].Older = _newest;
        _entries[index].Newer = None;
        if (_newest == None)
            _oldest = index;
        else
            _entries[_newest].Newer = index;
        _newest = index;
    }
}
