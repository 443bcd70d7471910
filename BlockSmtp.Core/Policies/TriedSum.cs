namespace BlockSmtp.Policies;

/// <summary>What the wrong names come to that a host has tried within a window.</summary>
/// <param name="Full">What those weigh that are none of bounces, or not known to be.</param>
/// <param name="Bounces">How many others there are, of the null sender.</param>
/// <param name="Settled">How many earlier blocks were made of.</param>
/// <param name="Count">How many of those that no block was made of weigh anything.</param>
internal readonly record struct TriedSum(double Full, double Bounces, double Settled, double Count)
{
    /// <summary>What all weigh that no block was made of.</summary>
    public double Weight(BalancePolicyOptions options) => Full + (Bounces * options.NullSenderWeight);

    /// <summary>How far they are ahead of what the host has earned.</summary>
    /// <param name="earned">What its deliveries have earned.</param>
    /// <param name="options">What a bounce weighs.</param>
    public double Ahead(double earned, BalancePolicyOptions options)
    {
        // What a block was made of has used up as much of it.
        var left = Math.Max(0, earned - Settled) - Full;
        var ahead = (Bounces * options.NullSenderWeight) - Math.Min(left, options.MaxOffenses);
        // It makes up for as many bounces again as are borne of anybody; of more for one each, and not for as many as weigh that.
        var more = left - options.MaxOffenses;
        return ahead > 0 && more > 0 ? Math.Max(0, ahead - (more * options.NullSenderWeight)) : ahead;
    }
}
