namespace BlockSmtp.Control;

/// <summary>What came of reading the configuration again.</summary>
public sealed record ReloadReport
{
    /// <summary>The options that have other values now.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    /// <summary>The options that have other values in the configuration, but cannot change while the daemon runs.</summary>
    public required IReadOnlyList<string> NeedsRestart { get; init; }

    /// <summary>How many networks the white-list has.</summary>
    public required int TrustedNetworks { get; init; }
}
