using BlockSmtp.Clocks;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// The different wrong names that a host has tried, with when each was tried first and what it weighs. Bounded; the oldest goes.
/// </summary>
internal struct TriedNames
{
    private const int Most = 64;

    private ShortList<Name> _names;

    private struct Name
    {
        // Never 0.
        public ulong Key;
        public uint Time;

        // Below zero when a block was made of it.
        public float Weight;
    }

    private readonly int Count
    {
        get
        {
            var count = IndexOf(0);
            return count < 0 ? _names.Room : count;
        }
    }

    /// <summary>When a name was tried first, in ticks UTC; null when it was not.</summary>
    public readonly long? FirstTried(ulong key)
    {
        var at = IndexOf(key);
        return at < 0 ? null : HalfSeconds.ToTicks(_names.At(at).Time);
    }

    /// <summary>A name weighs at least so much, unless a block was made of it.</summary>
    public void Weigh(ulong key, long time, double weight)
    {
        var at = IndexOf(key);
        if (at < 0)
        {
            Add(key, time, weight);
            return;
        }

        ref var name = ref _names[at];
        if (name.Weight > 0)
            name.Weight = Math.Max(name.Weight, (float)weight);
    }

    /// <summary>A name that weighs exactly <paramref name="from"/> weighs less from now on.</summary>
    public void Lighten(ulong key, double from, double to)
    {
        var at = IndexOf(key);
        if (at >= 0 && _names.At(at).Weight == (float)from)
            _names[at].Weight = (float)to;
    }

    /// <summary>Adds a name that is not here yet.</summary>
    public void Add(ulong key, long time, double weight)
    {
        var at = Count;
        if (at == Most)
            at = IndexOfOldest();
        else if (at == _names.Room)
            _names.Grow(Most);
        _names[at] = new Name { Key = key, Time = HalfSeconds.Of(time), Weight = (float)weight };
    }

    /// <summary>What the names weigh that were first tried after a time, and how many they are.</summary>
    public readonly (double Weight, int Count) Since(long time)
    {
        var since = HalfSeconds.Of(time);
        var (weight, count) = (0.0, 0);
        for (var i = 0; i < _names.Room; i++)
        {
            var name = _names.At(i);
            if (name.Time > since && name.Weight > 0)
                (weight, count) = (weight + name.Weight, count + 1);
        }

        return (weight, count);
    }

    /// <summary>A block was made of them: they are remembered, so that none counts twice, and weigh nothing any more.</summary>
    public void Settle()
    {
        for (var i = 0; i < _names.Room; i++)
            _names[i].Weight = -Math.Max(0, _names[i].Weight);
    }

    /// <summary>The last block was unfounded: they weigh again what they did.</summary>
    public void Unsettle()
    {
        for (var i = 0; i < _names.Room; i++)
            _names[i].Weight = Math.Abs(_names[i].Weight);
    }

    private readonly int IndexOfOldest()
    {
        var oldest = 0;
        for (var i = 1; i < Most; i++)
            oldest = _names.At(i).Time < _names.At(oldest).Time ? i : oldest;
        return oldest;
    }

    private readonly int IndexOf(ulong key)
    {
        for (var i = 0; i < _names.Room; i++)
        {
            if (_names.At(i).Key == key)
                return i;
        }

        return -1;
    }
}
