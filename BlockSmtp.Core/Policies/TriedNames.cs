using System.Runtime.InteropServices;
using BlockSmtp.Clocks;

namespace BlockSmtp.Policies;

/// <summary>The different wrong names that a host has tried, with when each was tried first and what it weighs. Bounded; the oldest goes.</summary>
/// <remarks>Most hosts have mistyped one name, for which no object is made.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct TriedNames
{
    private const int Most = 64;

    private Name _first;
    private Name[]? _others;
    private byte _count;
    private byte _oldest;

    private struct Name
    {
        public ulong Key;
        public uint Time;

        // Below zero when a block was made of it.
        public float Weight;
    }

    /// <summary>When a name was tried first, in ticks UTC; null when it was not.</summary>
    public readonly long? FirstTried(ulong key)
    {
        var at = IndexOf(key);
        return at < 0 ? null : HalfSeconds.ToTicks(At(at).Time);
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

        var name = At(at);
        if (name.Weight > 0)
            Set(at, name with { Weight = Math.Max(name.Weight, (float)weight) });
    }

    /// <summary>A name that weighs exactly <paramref name="from"/> weighs less from now on.</summary>
    public void Lighten(ulong key, double from, double to)
    {
        var at = IndexOf(key);
        if (at >= 0 && At(at).Weight == (float)from)
            Set(at, At(at) with { Weight = (float)to });
    }

    /// <summary>Adds a name that is not here yet.</summary>
    public void Add(ulong key, long time, double weight)
    {
        var name = new Name { Key = key, Time = HalfSeconds.Of(time), Weight = (float)weight };
        if (_count == Most)
        {
            Set(_oldest, name);
            _oldest = (byte)((_oldest + 1) % Most);
            return;
        }

        if (_count > 0 && _count > (_others?.Length ?? 0))
            Array.Resize(ref _others, Math.Min(Most - 1, _others is null ? 3 : _others.Length * 2));
        _count++;
        Set(_count - 1, name);
    }

    /// <summary>What the names weigh that were first tried after a time, and how many they are.</summary>
    public readonly (double Weight, int Count) Since(long time)
    {
        var since = HalfSeconds.Of(time);
        var (weight, count) = (0.0, 0);
        for (var i = 0; i < _count; i++)
        {
            var name = At(i);
            if (name.Time > since && name.Weight > 0)
                (weight, count) = (weight + name.Weight, count + 1);
        }

        return (weight, count);
    }

    /// <summary>A block was made of them: they are remembered, so that none counts twice, and weigh nothing any more.</summary>
    public void Settle()
    {
        for (var i = 0; i < _count; i++)
            Set(i, At(i) with { Weight = -Math.Max(0, At(i).Weight) });
    }

    /// <summary>The last block was unfounded: they weigh again what they did.</summary>
    public void Unsettle()
    {
        for (var i = 0; i < _count; i++)
            Set(i, At(i) with { Weight = Math.Abs(At(i).Weight) });
    }

    private readonly int IndexOf(ulong key)
    {
        for (var i = 0; i < _count; i++)
        {
            if (At(i).Key == key)
                return i;
        }

        return -1;
    }

    private readonly Name At(int index) => index == 0 ? _first : _others![index - 1];

    private void Set(int index, in Name name)
    {
        if (index == 0)
            _first = name;
        else
            _others![index - 1] = name;
    }
}
