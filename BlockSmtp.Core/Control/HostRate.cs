using System.Net;

namespace BlockSmtp.Control;

/// <summary>How often a host has offended within the last minute.</summary>
public sealed record HostRate
{
    /// <summary>The host.</summary>
    public required IPAddress Host { get; init; }

    /// <summary>How many offenses; at least so many, when all hosts together made more than are remembered (16,384).</summary>
    public required int Offenses { get; init; }

    /// <summary>When the last was, UTC.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>Whether it is blocked, by itself or in a network.</summary>
    public bool IsBlocked { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(HostRate), PrintMembers);
}
