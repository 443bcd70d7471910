namespace BlockSmtp;

/// <summary>How far an engine trusts what it hears of its fleet. Whatever they are, whom it trusts itself is not blocked.</summary>
public sealed record FleetLimits
{
    /// <summary>The longest block; what lasts longer is cut. Default 1 day; more than zero.</summary>
    public TimeSpan MaxBlockTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The widest network of IPv4, as the length of its prefix; what is wider is refused. Default 24.</summary>
    public int MinPrefixIPv4 { get; init; } = 24;

    /// <summary>The same of IPv6. Default 48.</summary>
    public int MinPrefixIPv6 { get; init; } = 48;

    /// <summary>The most blocks at a time that came from elsewhere; more are refused. Default 50,000; at least 0.</summary>
    public int MaxBlocks { get; init; } = 50_000;

    /// <summary>Whether what others have seen a host do counts here, too. Default: true. Else only blocks and releases are heard.</summary>
    public bool CountsFacts { get; init; } = true;

    /// <summary>Whether what is released by hand elsewhere is released here. Default: true.</summary>
    public bool TakesReleases { get; init; } = true;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxBlockTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxBlocks);
        ArgumentOutOfRangeException.ThrowIfNegative(MinPrefixIPv4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinPrefixIPv4, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(MinPrefixIPv6);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinPrefixIPv6, 128);
    }
}
