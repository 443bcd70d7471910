namespace BlockSmtp.Replay;

/// <summary>Decisions whose year is not known before the log is over.</summary>
internal sealed class UndatedDecisions
{
    private readonly List<Offense> _offenses = [];
    private readonly List<Decision> _decisions = [];

    // A block and its end are what there is by far the most of: they need no object of their own.
    private readonly record struct Decision(
        int OffensesBefore, Block? Block, ReleaseReason? Reason, long ReleasedAt, Action<IEngineObserver, int>? Tell);

    public void Add(in Offense offense) => _offenses.Add(offense);

    public void Add(Block block) => _decisions.Add(new(_offenses.Count, block, null, 0, null));

    public void Add(Block block, DateTimeOffset time, ReleaseReason reason) =>
        _decisions.Add(new(_offenses.Count, block, reason, time.UtcTicks, null));

    /// <summary>Keeps another decision; it will be told how many years to go back.</summary>
    public void Add(Action<IEngineObserver, int> tell) => _decisions.Add(new(_offenses.Count, null, null, 0, tell));

    /// <summary>Tells them all in their order, so many years earlier than they were thought to be.</summary>
    public void Release(IEngineObserver observer, int years)
    {
        var told = 0;
        foreach (var decision in _decisions)
        {
            TellOffenses(observer, years, ref told, decision.OffensesBefore);
            if (decision.Tell is { } tell)
                tell(observer, years);
            else if (decision.Reason is { } reason)
                observer.OnReleased(
                    Earlier(decision.Block!, years), new DateTimeOffset(decision.ReleasedAt, TimeSpan.Zero).AddYears(-years), reason);
            else
                observer.OnBlocked(Earlier(decision.Block!, years));
        }

        TellOffenses(observer, years, ref told, _offenses.Count);
        _offenses.Clear();
        _decisions.Clear();
    }

    private void TellOffenses(IEngineObserver observer, int years, ref int told, int before)
    {
        for (; told < before; told++)
            observer.OnOffense(_offenses[told] with { Time = _offenses[told].Time.AddYears(-years) });
    }

    private static Block Earlier(Block block, int years) =>
        years == 0 ? block : block with { Since = block.Since.AddYears(-years), Until = block.Until.AddYears(-years) };
}
