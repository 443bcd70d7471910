using System.Runtime.CompilerServices;
using BlockSmtp.Clocks;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// The different wrong names that each host has tried, with when each was tried first and what it weighs. Bounded; the oldest goes, but
/// what it comes to stays and fades.
/// </summary>
internal sealed class TriedNames
{
    // The places after these are for what those come to that had to go.
    private const int Most = 61;
    private const int FullOthers = Most;
    private const int BouncingOthers = Most + 1;
    private const int SettledOthers = Most + 2;

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

    /// <summary>What the names come to that were first tried within the window.</summary>
    public TriedSum Within(ref Chain<TriedName> names, BalancePolicyOptions options, long time)
    {
        var since = HalfSeconds.Of(time - options.Window.Ticks);
        var (full, bounces, settled, count, place) = (0.0, 0.0, 0.0, 0.0, 0);
        foreach (ref var name in _links.Of(ref names))
        {
            var at = place++;
            if (at >= Most)
            {
                var others = Math.Max(0, LeftOf(SumIn(ref name), options, time));
                if (at == SettledOthers)
                    settled += others;
                else if (at == FullOthers)
                    (full, count) = (full + others, count + others);
                else
                    (bounces, count) = (bounces + others, count + others);
            }
            else if (name.Time <= since)
            {
                continue;
            }
            else if (name.IsSettled)
            {
                settled++;
            }
            else if (name.Weight.By(options) is > 0 and var weight)
            {
                if (name.Weight == NameWeight.OfNullSender)
                    bounces++;
                else
                    full += weight;
                count++;
            }
        }

        return new TriedSum(full, bounces, settled, count);
    }

    /// <summary>
    /// A block was made of them: they are remembered, so that none counts twice, and weigh nothing any more, but use up what was earned.
    /// </summary>
    public void Settle(ref Chain<TriedName> names, BalancePolicyOptions options, long time)
    {
        foreach (ref var name in _links.Of(ref names, Most))
            name.Settle();
        SettleOthers(ref names, options, time, toSettled: 1);
    }

    /// <summary>The last block was unfounded: they weigh again what they did.</summary>
    public void Unsettle(ref Chain<TriedName> names, BalancePolicyOptions options, long time)
    {
        foreach (ref var name in _links.Of(ref names, Most))
            name.Unsettle();
        SettleOthers(ref names, options, time, toSettled: -1);
    }

    /// <summary>None of them is held against the host any more.</summary>
    public void Forgive(ref Chain<TriedName> names)
    {
        foreach (ref var name in _links.Of(ref names, Most))
            name.Forgive();
        for (var place = Most; place <= SettledOthers; place++)
        {
            ref var others = ref _links.At(ref names, place);
            if (!Unsafe.IsNullRef(ref others))
                SumIn(ref others) = default;
        }
    }

    /// <summary>A host is forgotten.</summary>
    public void Forget(in Chain<TriedName> names) => _links.Free(names);

    private ref TriedName Find(ref Chain<TriedName> names, uint mark)
    {
        foreach (ref var name in _links.Of(ref names, Most))
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
        var place = 0;
        ref var oldest = ref names.First;
        ref var others = ref names.First;
        foreach (ref var name in _links.Of(ref names))
        {
            if (place < Most)
                oldest = ref name.Time < oldest.Time ? ref name : ref oldest;
            else if (place == PlaceOfOthers(oldest))
                others = ref name;
            place++;
        }

        if (place < Most)
            return ref _links.Append(ref names);
        if (place == Most)
        {
            // Names may be moved by it.
            for (; place <= SettledOthers; place++)
                _links.Append(ref names);
            return ref PlaceOfNew(ref names, time, options);
        }

        if (oldest.Time > HalfSeconds.Of(time - options.Window.Ticks))
        {
            var weight = oldest.IsSettled || oldest.Weight == NameWeight.OfNullSender ? 1 : oldest.Weight.By(options);
            ref var sum = ref SumIn(ref others);
            sum = new FadingCount(Math.Max(0, LeftOf(sum, options, time)) + weight, time);
        }

        return ref oldest;
    }

    private static int PlaceOfOthers(in TriedName name) =>
        name.IsSettled ? SettledOthers : name.Weight == NameWeight.OfNullSender ? BouncingOthers : FullOthers;

    /// <summary>
    /// What those come to that had to go is put to what blocks were made of, below zero where it stood, or is taken back from there.
    /// </summary>
    private void SettleOthers(ref Chain<TriedName> names, BalancePolicyOptions options, long time, int toSettled)
    {
        ref var last = ref _links.At(ref names, SettledOthers);
        if (Unsafe.IsNullRef(ref last))
            return;
        ref var settled = ref SumIn(ref last);
        for (var place = FullOthers; place <= BouncingOthers; place++)
        {
            ref var sum = ref SumIn(ref _links.At(ref names, place));
            var moved = Math.Max(0, toSettled * LeftOf(sum, options, time));
            sum = new FadingCount(-toSettled * moved, time);
            settled = new FadingCount(Math.Max(0, LeftOf(settled, options, time) + (toSettled * moved)), time);
        }
    }

    /// <summary>What is left of what those come to that had to go.</summary>
    private static double LeftOf(in FadingCount sum, BalancePolicyOptions options, long time) =>
        sum.At(time, options.Window / HalfLivesOfWindow);

    /// <summary>What those come to that had to go: it takes a name's place.</summary>
    private static ref FadingCount SumIn(ref TriedName place) => ref Unsafe.As<TriedName, FadingCount>(ref place);
}
