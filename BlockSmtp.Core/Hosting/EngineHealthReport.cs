namespace BlockSmtp.Hosting;

/// <summary>What a look at an engine has found.</summary>
public sealed record EngineHealthReport
{
    /// <summary>How it is.</summary>
    public EngineHealthStatus Status { get; init; }

    /// <summary>That in words.</summary>
    public string Description { get; init; } = "";

    /// <summary>Some figures: <c>blocks</c>, <c>offenses</c>, <c>lines_per_second</c>, <c>last_read</c>.</summary>
    public IReadOnlyDictionary<string, object> Data { get; init; } = new Dictionary<string, object>();

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(EngineHealthReport), PrintMembers);
}
