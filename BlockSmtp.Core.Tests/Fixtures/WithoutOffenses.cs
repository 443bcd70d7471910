namespace BlockSmtp.Tests.Fixtures;

/// <summary>Wants no offenses, and counts those that it is told of all the same.</summary>
internal sealed class WithoutOffenses : IEngineObserver
{
    public bool WantsOffenses => false;

    public int Offenses { get; private set; }

    public int Blocks { get; private set; }

    public void OnOffense(in Offense offense) => Offenses++;

    public void OnBlocked(Block block) => Blocks++;
}
