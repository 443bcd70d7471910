namespace BlockSmtp.Replay;

/// <summary>Decisions whose year is not known before the log is over.</summary>
internal sealed class UndatedDecisions
{
    private readonly List<Held> _decisions = [];

    // An offense is by far the most frequent, so it needs no object of its own.
    private readonly record struct Held(Offense Offense, Action<IEngineObserver, int>? Tell);

    public void Add(in Offense offense) => _decisions.Add(new Held(offense, null));

    /// <summary>Keeps a decision; it will be told how many years to go back.</summary>
    public void Add(Action<IEngineObserver, int> tell) => _decisions.Add(new Held(default, tell));

    /// <summary>Tells them all, so many years earlier than they were thought to be.</summary>
    public void Release(IEngineObserver observer, int years)
    {
        foreach (var (offense, tell) in _decisions)
        {
            if (tell is null)
                observer.OnOffense(offense with { Time = offense.Time.AddYears(-years) });
            else
                tell(observer, years);
        }

        _decisions.Clear();
    }
}
