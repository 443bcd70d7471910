namespace BlockSmtp;

/// <summary>What an engine has to do with its fleet.</summary>
/// <param name="Fleet">How the fleet does.</param>
public sealed record FleetReport(FleetStatus Fleet)
{
    /// <summary>Networks that are blocked here now since another host has said so, or has seen what they did.</summary>
    public int Blocks { get; init; }

    /// <summary>Blocks that were taken over.</summary>
    public long Blocked { get; init; }

    /// <summary>Blocks that were ended since another host has said so.</summary>
    public long Released { get; init; }

    /// <summary>Facts that were counted.</summary>
    public long Facts { get; init; }

    /// <summary>Refused since the white-list trusts a part of the network, or the mail server is in it.</summary>
    public long Trusted { get; init; }

    /// <summary>Refused since the network is wider than <see cref="FleetLimits"/> allow.</summary>
    public long TooWide { get; init; }

    /// <summary>Refused since there are too many already.</summary>
    public long TooMany { get; init; }

    /// <summary>Refused since it is no word that a host would say.</summary>
    public long Improper { get; init; }

    /// <summary>All that was refused.</summary>
    public long Refused => Trusted + TooWide + TooMany + Improper;
}
