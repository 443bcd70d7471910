namespace BlockSmtp.Policies;

/// <summary>What a <see cref="BalancePolicy"/> does when many hosts guess together, each with a name or two.</summary>
public enum DistributedAnswer
{
    /// <summary>
    /// Tell of it (<see cref="GuessingAlarm"/>); block those hosts only that take part in a walk through a
    /// sorted list, as then it is certain.
    /// </summary>
    Alarm,

    /// <summary>Tell of it, and while it lasts block each host that has never delivered anything at its first wrong name.</summary>
    Block,

    /// <summary>Neither: judge each host for itself.</summary>
    Off,
}
