namespace BlockSmtp.Control;

/// <summary>What does not change about a daemon while it runs.</summary>
public sealed record DaemonDescription
{
    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Where the lines come from: a file, or the journal.</summary>
    public required string Log { get; init; }

    /// <summary>What drops the packets.</summary>
    public required string Firewall { get; init; }
}
