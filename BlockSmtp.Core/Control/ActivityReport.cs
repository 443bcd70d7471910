namespace BlockSmtp.Control;

/// <summary>What an engine did of late.</summary>
public sealed record ActivityReport
{
    /// <summary>The number of the latest event, to ask on from.</summary>
    public required long Last { get; init; }

    /// <summary>The events after the one asked from, oldest first; of many the latest.</summary>
    public required IReadOnlyList<ActivityEvent> Events { get; init; }

    /// <summary>The hosts that have offended within the last minute, the worst first; not more than 100.</summary>
    public required IReadOnlyList<HostRate> Hosts { get; init; }
}
