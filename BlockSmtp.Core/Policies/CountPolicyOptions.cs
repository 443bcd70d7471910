namespace BlockSmtp.Policies;

/// <summary>How many offenses are too many for a <see cref="CountPolicy"/>.</summary>
public sealed class CountPolicyOptions
{
    /// <summary>How many offenses a host may make within <see cref="Window"/>: one more blocks it. Default 3; 0 to 10,000.</summary>
    public int MaxOffenses { get; set; } = 3;

    /// <summary>How long an offense counts. Default 1 day; more than zero.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a host is blocked. Default 3 hours; more than zero.</summary>
    public TimeSpan BlockTime { get; set; } = TimeSpan.FromHours(3);

    /// <summary>
    /// How many hosts of each family (IPv4, IPv6) are remembered at a time; when there are more, the one that has been quiet the longest
    /// goes. Default 262,144; at least 1.
    /// </summary>
    public int MaxHosts { get; set; } = 262_144;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxOffenses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxOffenses, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BlockTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxHosts, 1);
    }
}
