namespace BlockSmtp;

/// <summary>How a fleet is doing, as seen from one of its hosts.</summary>
public sealed record FleetStatus
{
    /// <summary>This host's name in the fleet; empty before it is known.</summary>
    public string Node { get; init; } = "";

    /// <summary>Whether the others can be heard now.</summary>
    public bool IsConnected { get; init; }

    /// <summary>What keeps it from that, in words; null for nothing.</summary>
    public string? Problem { get; init; }

    /// <summary>Words that wait to be said, or to be known to have arrived.</summary>
    public int Waiting { get; init; }

    /// <summary>Words that were said and have arrived.</summary>
    public long Said { get; init; }

    /// <summary>Words that were heard.</summary>
    public long Heard { get; init; }

    /// <summary>Words that were passed over since they were none.</summary>
    public long Improper { get; init; }

    /// <summary>Facts that were given up for want of room, unsaid.</summary>
    public long Dropped { get; init; }

    /// <summary>How long ago something was heard last; null for never.</summary>
    public TimeSpan? LastHeard { get; init; }

    /// <summary>How long what was heard last has been on its way; null for nothing heard yet.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>Who has been there of late, this host among them.</summary>
    public IReadOnlyList<FleetHost> Hosts { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(FleetStatus), PrintMembers);
}
