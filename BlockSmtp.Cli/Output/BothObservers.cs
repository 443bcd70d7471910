using System.Net;

namespace BlockSmtp.Cli.Output;

/// <summary>Tells two of every decision.</summary>
internal sealed class BothObservers(IEngineObserver first, IEngineObserver second) : IEngineObserver
{
    public bool WantsOffenses => first.WantsOffenses || second.WantsOffenses;

    public void OnOffense(in Offense offense)
    {
        if (first.WantsOffenses)
            first.OnOffense(offense);
        if (second.WantsOffenses)
            second.OnOffense(offense);
    }

    public void OnBlocked(Block block)
    {
        first.OnBlocked(block);
        second.OnBlocked(block);
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        first.OnReleased(block, time, reason);
        second.OnReleased(block, time, reason);
    }

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
        first.OnIgnored(peer, time, offenses, reason);
        second.OnIgnored(peer, time, offenses, reason);
    }

    public void OnAlarm(GuessingAlarm alarm)
    {
        first.OnAlarm(alarm);
        second.OnAlarm(alarm);
    }

    public void OnSessionEnded(EndedSession session)
    {
        first.OnSessionEnded(session);
        second.OnSessionEnded(session);
    }
}
