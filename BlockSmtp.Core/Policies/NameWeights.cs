namespace BlockSmtp.Policies;

/// <summary>What wrong names weigh.</summary>
internal static class NameWeights
{
    /// <summary>
    /// What the only name of a transaction weighs whose sender is not known yet: it may turn out to be a bounce, but not all of many at
    /// once will.
    /// </summary>
    public const double Lone = 0.5;

    // The same of a host that has slack for it: nearly all, so that it is known from a name that is none of a bounce.
    private const double LoneOfKnown = 0.99;

    /// <summary>What it is as a number.</summary>
    public static double By(this NameWeight weight, BalancePolicyOptions options) => weight switch
    {
        NameWeight.None => 0,
        NameWeight.OfNullSender => options.NullSenderWeight,
        NameWeight.Lone => Lone,
        NameWeight.LoneOfKnown => LoneOfKnown,
        _ => 1,
    };
}
