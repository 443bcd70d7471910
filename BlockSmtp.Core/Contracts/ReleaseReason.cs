namespace BlockSmtp;

/// <summary>Why a block has ended.</summary>
public enum ReleaseReason
{
    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>The white-list was read again and now trusts the host.</summary>
    WhiteListed,

    /// <summary>Somebody asked for it.</summary>
    Requested,

    /// <summary>There were too many blocks, and this one would have ended next.</summary>
    Crowded,

    /// <summary>Somebody asked for another block of the same host or network.</summary>
    Replaced,

    /// <summary>The policy has learnt since that it was unfounded (<see cref="Verdict.Release"/>).</summary>
    Unfounded,

    /// <summary>Another host of the fleet has ended it (<see cref="IFleet"/>).</summary>
    Elsewhere,
}
