namespace BlockSmtp;

/// <summary>Many hosts guess together, each so little that no rule may block it for what it did alone.</summary>
public sealed record GuessingAlarm
{
    /// <summary>When it was noticed. UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How many different hosts that have never delivered mail have tried wrong names within the last hour.</summary>
    public required int Hosts { get; init; }

    /// <summary>How many different names they have tried.</summary>
    public required int Names { get; init; }

    /// <summary>How many such hosts there are in an hour, as far as is known.</summary>
    public required int UsualHosts { get; init; }

    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(GuessingAlarm), PrintMembers);
}
