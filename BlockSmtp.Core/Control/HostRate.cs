using System.Net;

namespace BlockSmtp.Control;

/// <summary>How often a host has offended within the last minute.</summary>
/// <param name="Host">The host.</param>
/// <param name="Offenses">How many offenses; at least so many, when all hosts together made more than are remembered (16,384).</param>
/// <param name="Last">When the last was, UTC.</param>
public sealed record HostRate(IPAddress Host, int Offenses, DateTimeOffset Last)
{
    /// <summary>Whether it is blocked, by itself or in a network.</summary>
    public bool IsBlocked { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(HostRate), PrintMembers);
}
