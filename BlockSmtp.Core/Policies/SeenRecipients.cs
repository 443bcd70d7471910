using System.Numerics;

namespace BlockSmtp.Policies;

/// <summary>
/// Which recipients a host has delivered to, in eight bytes, so that each earns once. A recipient has one of a few places, so of many some are taken for others, for which the
/// next ones earn more; and of very many only every second, fourth, … is looked at, which earns for as many ("adaptive sampling", Flajolet 1990).
/// </summary>
internal struct SeenRecipients
{
    private const int Places = 56;
    private const int Most = Places * 3 / 4;
    private const int MostHalvings = 24;

    private const ulong AllPlaces = (1UL << Places) - 1;

    // Above the places: how often those that are looked at were halved.
    private ulong _bits;

    /// <summary>A recipient is delivered to.</summary>
    /// <param name="recipient">Its key.</param>
    /// <returns>What it earns; 0 where it has been seen before, or is none of those that are looked at.</returns>
    public double Add(ulong recipient)
    {
        var halvings = (int)(_bits >> Places);
        // Whoever reports a delivery may number recipients as he likes.
        var mixed = (recipient ^ (recipient >> 32)) * 0x9E37_79B9_7F4A_7C15;
        mixed ^= mixed >> 29;
        var place = 1UL << (int)(((mixed >> 32) * Places) >> 32);
        if ((_bits & place) != 0 || (mixed & ((1UL << halvings) - 1)) != 0)
            return 0;
        var taken = BitOperations.PopCount(_bits & AllPlaces);
        _bits = taken + 1 < Most ? _bits | place : (ulong)Math.Min(halvings + 1, MostHalvings) << Places;
        return (1UL << halvings) * Places / (double)(Places - taken);
    }
}
