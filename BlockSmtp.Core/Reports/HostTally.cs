namespace BlockSmtp.Reports;

/// <summary>What a report counts of one host.</summary>
internal sealed class HostTally(bool isTrusted)
{
    /// <summary>What is known for all limits at once. A field, as it is changed in place.</summary>
    public ThresholdSweep.Host Sweep;

    /// <summary>Whether it would never be blocked.</summary>
    public bool IsTrusted { get; } = isTrusted;

    /// <summary>Whether it would be blocked at the moment.</summary>
    public bool IsBlocked { get; set; }

    public long Answered { get; set; }

    public long KeptOut { get; set; }

    public long Offenses => Answered + KeptOut;

    /// <summary>The trials that have blocked it, as bits.</summary>
    public ulong BlockedBy { get; set; }
}
