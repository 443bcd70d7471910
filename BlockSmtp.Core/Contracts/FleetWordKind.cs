namespace BlockSmtp;

/// <summary>What a <see cref="FleetWord"/> says.</summary>
public enum FleetWordKind
{
    /// <summary>A host or network is blocked.</summary>
    Block,

    /// <summary>Its block is over before its time: somebody has asked for that, or the policy has found it to be unfounded.</summary>
    Release,

    /// <summary>A host has made a wrong guess (<see cref="BlockSmtp.Offense"/>).</summary>
    Offense,

    /// <summary>A host has delivered mail (<see cref="Acceptance"/>). Said once an hour of a host, not of each message.</summary>
    Delivery,

    /// <summary>A transaction with wrong guesses is over (<see cref="TransactionEnd"/>).</summary>
    End,
}
