using System.Runtime.CompilerServices;
using BlockSmtp.Clocks;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// The different wrong names that each host has tried, with when each was tried first and what it weighs. Bounded; the oldest goes, but
/// what it weighs stays and fades.
/// </summary>
internal sealed class TriedNames
{
    // The last place is for the sum of those that had to go.
    private const int Others = 63;

    // Who tries more a day than there is room for goes on weighing about what he does within a window.
    private const int HalfLivesOfWindow = 3;

    private readonly ChainLinks<TriedName> _links = new();

    /// <summary>When a host tried a name first, in ticks UTC; null when it did not.</summary>
    public long? FirstTried(ref Chain<TriedName> names, ulong key)
    {
        ref var name = ref Find(ref names, TriedName.MarkOf(key));
        return Unsafe.IsNullRef(ref name) ? null : HalfSeconds.ToTicks(name.Time);
    }

    /// <summary>A name weighs at least so much, unless a block was made of it.</summary>
    public void Weigh(ref Chain<TriedName> names, ulong key, long time, NameWeight weight, BalancePolicyOptions options)
    {
        var mark = TriedName.MarkOf(key);
        ref var name = ref Find(ref names, mark);
        if (Unsafe.IsNullRef(ref name))
            PlaceOfNew(ref names, time, options) = new TriedName(mark, weight, HalfSeconds.Of(time));
        else if (!name.IsSettled && name.Weight != NameWeight.None && name.Weight.By(options) < weight.By(options))
            name.Weight = weight;
    }

    /// <summary>A name that is taken for one thing turns out to be another, unless a block was made of it.</summary>
    public void Lighten(ref Chain<TriedName> names, ulong key, NameWeight from, NameWeight to)
    {
        ref var name = ref Find(ref names, TriedName.MarkOf(key));
        if (!Unsafe.IsNullRef(ref name) && !name.IsSettled && name.Weight == from)
            name.Weight = to;
    }

    /// <summary>What the names weigh that were first tried within the window, and how many they are.</summary>
    public (double Weight, int Count) Within(ref Chain<TriedName> names, BalancePolicyOptions options, long time)
    {
        var since = HalfSeconds.Of(time - options.Window.Ticks);
        var (weight, count, place) = (0.0, 0, 0);
        foreach (ref var name in _links.Of(ref names))
        {
            if (place++ == Others)
            {
                var others = LeftOf(SumIn(ref name), options.Window, time);
                (weight, count) = (weight + others, count + (int)Math.Round(others));
            }
            else if (name.Time > since && !name.IsSettled && name.Weight.By(options) is > 0 and var more)
            {
                (weight, count) = (weight + more, count + 1);
            }
        }

        return (weight, count);
    }

    /// <summary>A block was made of them: they are remembered, so that none counts twice, and weigh nothing any more.</summary>
    public void Settle(ref Chain<TriedName> names)
    {
        foreach (ref var name in _links.Of(ref names, Others))
            name.Settle();
        ref var last = ref _links.At(ref names, Others);
        if (Unsafe.IsNullRef(ref last))
            return;
        ref var sum = ref SumIn(ref last);
        sum = new FadingCount(-Math.Max(0, sum.Number), sum.Time);
    }

    /// <summary>The last block was unfounded: they weigh again what they did.</summary>
    public void Unsettle(ref Chain<TriedName> names)
    {
        foreach (ref var name in _links.Of(ref names, Others))
            name.Unsettle();
        ref var last = ref _links.At(ref names, Others);
        if (Unsafe.IsNullRef(ref last))
            return;
        ref var sum = ref SumIn(ref last);
        sum = new FadingCount(Math.Abs(sum.Number), sum.Time);
    }

    /// <summary>A host is forgotten.</summary>
    public void Forget(in Chain<TriedName> names) => _links.Free(names);

    private ref TriedName Find(ref Chain<TriedName> names, uint mark)
    {
        foreach (ref var name in _links.Of(ref names, Others))
        {
            if (name.Mark == mark)
                return ref name;
        }

        return ref Unsafe.NullRef<TriedName>();
    }

    /// <summary>Where a name is to stand that is not here yet.</summary>
    private ref TriedName PlaceOfNew(ref Chain<TriedName> names, long time, BalancePolicyOptions options)
    {
        if (names.First.Mark == 0)
            return ref names.First;
        var count = 0;
        ref var oldest = ref names.First;
        foreach (ref var name in _links.Of(ref names))
        {
            if (count++ == Others)
            {
                ref var sum = ref SumIn(ref name);
                var isWithin = oldest.Time > HalfSeconds.Of(time - options.Window.Ticks);
                var weight = isWithin && !oldest.IsSettled ? oldest.Weight.By(options) : 0;
                sum = new FadingCount(LeftOf(sum, options.Window, time) + weight, time);
                return ref oldest;
            }

            oldest = ref name.Time < oldest.Time ? ref name : ref oldest;
        }

        if (count < Others)
            return ref _links.Append(ref names);
        // Room for the sum first: names may be moved by it.
        _links.Append(ref names);
        return ref PlaceOfNew(ref names, time, options);
    }

    /// <summary>What is left of the weight of those that had to go.</summary>
    private static double LeftOf(in FadingCount sum, TimeSpan window, long time) =>
        sum.Number > 0 ? sum.At(time, window / HalfLivesOfWindow) : 0;

    /// <summary>What those weighed that had to go, below zero when a block was made of them: it takes the last name's place.</summary>
    private static ref FadingCount SumIn(ref TriedName last) => ref Unsafe.As<TriedName, FadingCount>(ref last);
}
