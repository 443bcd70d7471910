namespace BlockSmtp;

/// <summary>What came of reading the firewall back (<see cref="DetectionEngineOptions.CompareInterval"/>).</summary>
public sealed record FirewallComparison
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How many networks were to be blocked.</summary>
    public required int Wanted { get; init; }

    /// <summary>How many were.</summary>
    public required int Actual { get; init; }

    /// <summary>Whether they were the same; if not, it was put right.</summary>
    public required bool Agrees { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(FirewallComparison), PrintMembers);
}
