namespace BlockSmtp.Tests.Fixtures;

/// <summary>Notes what it is told, and decides what the test says.</summary>
internal sealed class NotingPolicy : IOffenderPolicy
{
    public List<Offense> Offenses { get; } = [];

    public List<Acceptance> Acceptances { get; } = [];

    public List<TransactionEnd> Ends { get; } = [];

    public Func<Offense, Verdict> Verdict { get; init; } = _ => BlockSmtp.Verdict.None;

    public bool WantsAcceptances { get; init; } = true;

    public Verdict Judge(in Offense offense)
    {
        Offenses.Add(offense);
        return Verdict(offense);
    }

    public void Accept(in Acceptance acceptance) => Acceptances.Add(acceptance);

    public Verdict End(in TransactionEnd end)
    {
        Ends.Add(end);
        return BlockSmtp.Verdict.None;
    }
}
