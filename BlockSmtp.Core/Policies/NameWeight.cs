namespace BlockSmtp.Policies;

/// <summary>What a wrong name was taken for, by which it weighs.</summary>
internal enum NameWeight
{
    /// <summary>Nothing: an earlier block was made of it, or it is forgiven.</summary>
    None,

    /// <summary>The only name of a transaction of the null sender, as a bounce has it.</summary>
    OfNullSender,

    /// <summary>The only name of a transaction whose sender is not known yet.</summary>
    Lone,

    /// <summary>The same, of a host that has slack for it.</summary>
    LoneOfKnown,

    /// <summary>A guess.</summary>
    Full,
}
