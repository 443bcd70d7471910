using System.Net;

namespace BlockSmtp.Control;

/// <summary>What a client asks of a <see cref="ControlServer"/>: one JSON object on one line (docs/control.md).</summary>
internal sealed record ControlRequest
{
    /// <summary>The version of the protocol that there is.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the protocol that the client speaks.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>
    /// What to do: <c>status</c>, <c>list</c>, <c>why</c>, <c>block</c>, <c>unblock</c>, <c>history</c>, <c>activity</c> or <c>reload</c>;
    /// on a fleet's socket <c>hear</c> and <c>tell</c>.
    /// </summary>
    public string Command { get; init; } = "";

    /// <summary>The host that <c>why</c> and <c>history</c> are about.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>
    /// Whom to block or unblock, or what <c>why</c> and <c>history</c> are about; a single address is a network of one host.
    /// </summary>
    public IPNetwork? Network { get; init; }

    /// <summary>For how long to block, in seconds. Default: the daemon's own block time.</summary>
    public double? ForSeconds { get; init; }

    /// <summary>Why to block, in words for a person; who has asked is added. Default: who has asked.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether a block of the same network that lasts longer gives way. Default: it stays as it is.</summary>
    public bool Shorten { get; init; }

    /// <summary>On whose behalf root asks, as <c>sudo</c> tells; of anybody else it is ignored.</summary>
    public string? By { get; init; }

    /// <summary>Whether to unblock everybody.</summary>
    public bool All { get; init; }

    /// <summary>For <c>history</c>: only blocks made at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>For <c>history</c>: the most blocks to return.</summary>
    public int? Limit { get; init; }

    /// <summary>For <c>tell</c>: what other hosts of the fleet have said.</summary>
    public IReadOnlyList<FleetWord>? Words { get; init; }

    /// <summary>For <c>tell</c>: how the fleet does.</summary>
    public FleetStatus? Fleet { get; init; }

    /// <summary>For <c>activity</c> and <c>hear</c>: only events after this one, the last that the client has seen.</summary>
    public long After { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(ControlRequest), PrintMembers);
}
