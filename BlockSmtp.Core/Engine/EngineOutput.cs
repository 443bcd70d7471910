using System.Net;
using BlockSmtp.Diagnostics;
using BlockSmtp.Enforcing;
using BlockSmtp.Judging;
using BlockSmtp.Sharing;
using BlockSmtp.State;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>Passes decisions on: to the firewall, to our own log, to the observer.</summary>
internal sealed class EngineOutput(
    Announcements announcements,
    FirewallChanges changes,
    ILogger logger,
    EngineMetrics metrics,
    UncommittedState? uncommitted,
    FleetVoice? fleet)
    : IDecisionSink
{
    public void OnOffense(in Offense offense)
    {
        logger.Offense(offense.Peer, offense.Kind);
        announcements.Add(offense);
    }

    public void OnCounted(in Offense offense) => fleet?.OnCounted(offense);

    public void OnAcceptance(in Acceptance acceptance) => fleet?.OnAccepted(acceptance);

    public void OnEnd(in TransactionEnd end) => fleet?.OnEnd(end);

    public void OnBlockedOffense(Block block) => changes.Doubt(block.Network);

    public void OnBlocked(Block block)
    {
        metrics.OnBlocked(block);
        uncommitted?.Add(new BlockRecord(block));
        changes.Add(FirewallChange.Block(block.Network, block.Until));
        logger.Blocked(NetworkText.Show(block.Network), block.Until, block.Node is null ? block.Reason : $"{block.Reason} ({block.Node})");
        fleet?.OnBlocked(block);
        announcements.Add(to => to.OnBlocked(block));
    }

    /// <summary>A block of an earlier run is in force again: told when it began.</summary>
    public void OnResumed(Block block)
    {
        metrics.OnRestored();
        fleet?.OnBlocked(block);
        changes.Add(FirewallChange.Block(block.Network, block.Until));
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        metrics.OnReleased(block.Network, reason);
        uncommitted?.Add(new BlockRecord(block, time, reason));
        changes.Add(FirewallChange.Release(block.Network));
        logger.Released(NetworkText.Show(block.Network), ReleaseWord.Of(reason));
        fleet?.OnReleased(block, reason);
        announcements.Add(to => to.OnReleased(block, time, reason));
    }

    /// <summary>
    /// A block of an earlier run is not taken up: nobody was told of it, so nobody but the store is told that it is over.
    /// </summary>
    public void OnOver(BlockRecord record)
    {
        uncommitted?.Add(record);
        logger.Released(NetworkText.Show(record.Block.Network), ReleaseWord.Of(record.ReleaseReason!.Value));
    }

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
        logger.Ignored(peer, offenses, reason);
        announcements.Add(to => to.OnIgnored(peer, time, offenses, reason));
    }

    public void OnAlarm(GuessingAlarm alarm)
    {
        metrics.OnAlarm();
        logger.GuessingTogether(alarm.Hosts, alarm.Names, alarm.UsualHosts);
        announcements.Add(to => to.OnAlarm(alarm));
    }

    public void OnSessionEnded(EndedSession session)
    {
        metrics.OnSessionEnded(session.Means);
        logger.SessionEnded(session.Peer, session.ProcessId, session.Means);
        announcements.Add(to => to.OnSessionEnded(session));
    }
}
