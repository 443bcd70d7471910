using BlockSmtp.Clocks;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// The different wrong names that a host has tried, with when each was tried first and what it weighs. Bounded; the oldest goes, but
/// what it weighs stays and fades.
/// </summary>
internal struct TriedNames
{
    // The last place is for the sum of those that had to go.
    private const int Most = 64;
    private const int Others = Most - 1;

    // Who tries more a day than there is room for goes on weighing about what he does within a window.
    private const int HalfLivesOfWindow = 3;

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
            return count < 0 ? Math.Min(_names.Room, Others) : count;
        }
    }

    /// <summary>When a name was tried first, in ticks UTC; null when it was not.</summary>
    public readonly long? FirstTried(ulong key)
    {
        var at = IndexOf(key);
        return at < 0 ? null : HalfSeconds.ToTicks(_names.At(at).Time);
    }

    /// <summary>A name weighs at least so much, unless a block was made of it.</summary>
    public void Weigh(ulong key, long time, double weight, TimeSpan window)
    {
        var at = IndexOf(key);
        if (at < 0)
        {
            Add(key, time, weight, window);
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

    /// <summary>What the names weigh that were first tried within a window, and how many they are.</summary>
    public readonly (double Weight, int Count) Within(TimeSpan window, long time)
    {
        var since = HalfSeconds.Of(time - window.Ticks);
        var (weight, count) = (0.0, 0);
        for (var i = 0; i < Math.Min(_names.Room, Others); i++)
        {
            var name = _names.At(i);
            if (name.Time > since && name.Weight > 0)
                (weight, count) = (weight + name.Weight, count + 1);
        }

        var others = OthersAt(window, time);
        return (weight + others, count + (int)Math.Round(others));
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

    /// <summary>Adds a name that is not here yet.</summary>
    private void Add(ulong key, long time, double weight, TimeSpan window)
    {
        var at = Count;
        if (at == Others)
            at = GiveUpOldest(window, time);
        else if (at == _names.Room)
            _names.Grow(Most);
        _names[at] = new Name { Key = key, Time = HalfSeconds.Of(time), Weight = (float)weight };
    }

    private int GiveUpOldest(TimeSpan window, long time)
    {
        var oldest = 0;
        for (var i = 1; i < Others; i++)
            oldest = _names.At(i).Time < _names.At(oldest).Time ? i : oldest;
        var gone = _names.At(oldest);
        var weight = gone.Time > HalfSeconds.Of(time - window.Ticks) ? Math.Max(0, gone.Weight) : 0;
        _names[Others] = new Name { Time = HalfSeconds.Of(time), Weight = (float)OthersAt(window, time) + weight };
        return oldest;
    }

    /// <summary>What is left of the weight of those that had to go.</summary>
    private readonly double OthersAt(TimeSpan window, long time)
    {
        if (_names.Room < Most || _names.At(Others) is not { Weight: > 0 } others)
            return 0;
        return new FadingCount(others.Weight, HalfSeconds.ToTicks(others.Time)).At(time, window / HalfLivesOfWindow);
    }

    private readonly int IndexOf(ulong key)
    {
        for (var i = 0; i < Math.Min(_names.Room, Others); i++)
        {
            if (_names.At(i).Key == key)
                return i;
        }

        return -1;
    }
}
