namespace BlockSmtp.Control;

/// <summary>What an engine did of late.</summary>
/// <param name="Last">The number of the latest event, to ask on from.</param>
/// <param name="Events">The events after the one asked from, oldest first; of many the latest.</param>
/// <param name="Hosts">The hosts that have offended within the last minute, the worst first; not more than 100.</param>
public sealed record ActivityReport(long Last, IReadOnlyList<ActivityEvent> Events, IReadOnlyList<HostRate> Hosts);
