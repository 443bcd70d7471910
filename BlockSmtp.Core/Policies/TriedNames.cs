namespace BlockSmtp.Policies;

/// <summary>The different wrong names that a host has tried, with when each was tried first and what it weighs. Bounded; the oldest goes.</summary>
internal struct TriedNames
{
    private const int Most = 64;

    private Name[]? _names;
    private int _count;
    private int _oldest;

    private struct Name
    {
        public ulong Key;
        public long Time;
        public float Weight;
    }

    public readonly bool Has(ulong key)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_names![i].Key == key)
                return true;
        }

        return false;
    }

    /// <summary>When a name was tried first; null when it was not.</summary>
    public readonly long? FirstTried(ulong key)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_names![i].Key == key)
                return _names[i].Time;
        }

        return null;
    }

    /// <summary>A name weighs at least so much, unless a block was made of it.</summary>
    public void Weigh(ulong key, long time, double weight)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_names![i].Key != key)
                continue;
            if (_names[i].Weight > 0)
                _names[i].Weight = Math.Max(_names[i].Weight, (float)weight);
            return;
        }

        Add(key, time, weight);
    }

    /// <summary>A name that weighs exactly <paramref name="from"/> weighs less from now on.</summary>
    public readonly void Lighten(ulong key, double from, double to)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_names![i].Key == key && _names[i].Weight == (float)from)
                _names[i].Weight = (float)to;
        }
    }

    /// <summary>Adds a name that is not here yet.</summary>
    public void Add(ulong key, long time, double weight)
    {
        var name = new Name { Key = key, Time = time, Weight = (float)weight };
        if (_count == Most)
        {
            _names![_oldest] = name;
            _oldest = (_oldest + 1) % Most;
            return;
        }

        if (_names is null || _count == _names.Length)
            Array.Resize(ref _names, Math.Min(Most, Math.Max(2, _count * 2)));
        _names[_count++] = name;
    }

    /// <summary>What the names weigh that were first tried after a time, and how many they are.</summary>
    public readonly (double Weight, int Count) Since(long time)
    {
        var (weight, count) = (0.0, 0);
        for (var i = 0; i < _count; i++)
        {
            if (_names![i].Time > time && _names[i].Weight > 0)
                (weight, count) = (weight + _names[i].Weight, count + 1);
        }

        return (weight, count);
    }

    /// <summary>A block was made of them: they are remembered, so that none counts twice, and weigh nothing any more.</summary>
    public readonly void Settle()
    {
        for (var i = 0; i < _count; i++)
            _names![i].Weight = -Math.Max(0, _names[i].Weight);
    }

    /// <summary>The last block was unfounded: they weigh again what they did.</summary>
    public readonly void Unsettle()
    {
        for (var i = 0; i < _count; i++)
            _names![i].Weight = Math.Abs(_names[i].Weight);
    }
}
