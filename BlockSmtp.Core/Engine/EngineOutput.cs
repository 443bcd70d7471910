using System.Net;
using BlockSmtp.Diagnostics;
using BlockSmtp.Enforcing;
using BlockSmtp.Judging;
using BlockSmtp.State;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>Passes decisions on: to the firewall, to our own log, to the observer.</summary>
internal sealed class EngineOutput(IEngineObserver? observer, FirewallChanges changes, ILogger logger, EngineMetrics metrics, UncommittedState? uncommitted) : IDecisionSink
{
    public void OnOffense(in Offense offense)
    {
        logger.Offense(offense.Peer, offense.Kind);
        if (observer is { WantsOffenses: true })
            Observe(offense, static (to, what) => to.OnOffense(what));
    }

    public void OnBlockedOffense(Block block) => changes.Doubt(block.Network);

    public void OnBlocked(Block block)
    {
        metrics.OnBlocked(block);
        uncommitted?.Add(new BlockRecord(block));
        changes.Add(FirewallChange.Block(block.Network, block.Until));
        logger.Blocked(NetworkText.Show(block.Network), block.Until, block.Reason);
        Observe(block, static (to, what) => to.OnBlocked(what));
    }

    /// <summary>A block of an earlier run is in force again: told when it began.</summary>
    public void OnResumed(Block block)
    {
        metrics.OnRestored();
        changes.Add(FirewallChange.Block(block.Network, block.Until));
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        metrics.OnReleased(block.Network, reason);
        uncommitted?.Add(new BlockRecord(block, time, reason));
        changes.Add(FirewallChange.Release(block.Network));
        logger.Released(NetworkText.Show(block.Network), ReleaseWord.Of(reason));
        Observe((block, time, reason), static (to, what) => to.OnReleased(what.block, what.time, what.reason));
    }

    /// <summary>A block of an earlier run is not taken up: nobody was told of it, so nobody but the store is told that it is over.</summary>
    public void OnOver(BlockRecord record)
    {
        uncommitted?.Add(record);
        logger.Released(NetworkText.Show(record.Block.Network), ReleaseWord.Of(record.ReleaseReason!.Value));
    }

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
        logger.Ignored(peer, offenses, reason);
        Observe((peer, time, offenses, reason), static (to, what) => to.OnIgnored(what.peer, what.time, what.offenses, what.reason));
    }

    public void OnAlarm(GuessingAlarm alarm)
    {
        metrics.OnAlarm();
        logger.GuessingTogether(alarm.Hosts, alarm.Names, alarm.UsualHosts);
        Observe(alarm, static (to, what) => to.OnAlarm(what));
    }

    public void OnSessionEnded(EndedSession session)
    {
        metrics.OnSessionEnded(session.Means);
        logger.SessionEnded(session.Peer, session.ProcessId, session.Means);
        Observe(session, static (to, what) => to.OnSessionEnded(what));
    }

    private void Observe<T>(T what, Action<IEngineObserver, T> tell)
    {
        if (observer is null)
            return;
        try
        {
            tell(observer, what);
        }
#pragma warning disable CA1031 // Whatever an observer throws, blocking goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ObserverFailed(e);
        }
    }
}
