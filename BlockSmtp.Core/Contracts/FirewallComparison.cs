namespace BlockSmtp;

/// <summary>What came of reading the firewall back (<see cref="DetectionEngineOptions.CompareInterval"/>).</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Wanted">How many networks were to be blocked.</param>
/// <param name="Actual">How many were.</param>
/// <param name="Agrees">Whether they were the same; if not, it was put right.</param>
public sealed record FirewallComparison(DateTimeOffset Time, int Wanted, int Actual, bool Agrees)
{
    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(FirewallComparison), PrintMembers);
}
