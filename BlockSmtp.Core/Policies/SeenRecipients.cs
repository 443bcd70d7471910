using System.Numerics;

namespace BlockSmtp.Policies;

/// <summary>
/// Which recipients a host has delivered to, in sixteen bytes, so that each earns once. A recipient has one of a few places, so of many
/// some are taken for others, for which the next ones earn more ("linear counting", Whang 1990); and of very many only every second,
/// fourth, … is looked at, which earns for as many ("adaptive sampling", Flajolet 1990).
/// </summary>
internal struct SeenRecipients
{
    private const int PlacesOfHigh = 56;
    private const int Places = 64 + PlacesOfHigh;
    private const int Most = Places * 3 / 4;
    private const int MostHalvings = 24;

    private ulong _low;

    // Above the places: how often those that are looked at were halved.
    private ulong _high;

    private readonly int Taken => BitOperations.PopCount(_low) + BitOperations.PopCount(_high << (64 - PlacesOfHigh));

    /// <summary>A recipient is delivered to.</summary>
    /// <param name="recipient">Its key.</param>
    /// <returns>What it earns; 0 where it has been seen before, or is none of those that are looked at.</returns>
    public double Add(ulong recipient)
    {
        var halvings = (int)(_high >> PlacesOfHigh);
        // Whoever reports a delivery may number recipients as he likes.
        var mixed = (recipient ^ (recipient >> 32)) * 0x9E37_79B9_7F4A_7C15;
        mixed ^= mixed >> 29;
        var place = (int)(((mixed >> 32) * Places) >> 32);
        ref var bits = ref place < 64 ? ref _low : ref _high;
        var bit = 1UL << (place % 64);
        if ((bits & bit) != 0 || (mixed & ((1UL << halvings) - 1)) != 0)
            return 0;
        var taken = Taken;
        if (taken + 1 < Most)
            bits |= bit;
        else
            (_low, _high) = (0, (ulong)Math.Min(halvings + 1, MostHalvings) << PlacesOfHigh);
        return (1UL << halvings) * Places / (double)(Places - taken);
    }
}
