namespace BlockSmtp;

/// <summary>Many hosts guess together, each so little that no rule may block it for what it did alone.</summary>
/// <param name="Time">When it was noticed. UTC.</param>
/// <param name="Hosts">How many different hosts that have never delivered mail have tried wrong names within the last hour.</param>
/// <param name="Names">How many different names they have tried.</param>
/// <param name="UsualHosts">How many such hosts there are in an hour, as far as is known.</param>
public sealed record GuessingAlarm(DateTimeOffset Time, int Hosts, int Names, int UsualHosts)
{
    /// <inheritdoc/>
    public override string ToString() => RecordText.Show(nameof(GuessingAlarm), PrintMembers);
}
