using System.Net;

namespace BlockSmtp.Judging;

/// <summary>Takes what a <see cref="Judgement"/> decides, in order.</summary>
internal interface IDecisionSink
{
    void OnOffense(in Offense offense);

    /// <summary>An offense of a host that is neither blocked nor trusted is to be judged.</summary>
    void OnCounted(in Offense offense)
    {
    }

    void OnBlocked(Block block);

    void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason);

    void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason);

    /// <summary>Many hosts guess together.</summary>
    void OnAlarm(GuessingAlarm alarm)
    {
    }

    /// <summary>A host has offended although it has been blocked for more than a moment: its packets are not dropped.</summary>
    void OnBlockedOffense(Block block)
    {
    }

    /// <summary>A transaction with offenses is over. Comes only where somebody wants acceptances.</summary>
    void OnEnd(in TransactionEnd end)
    {
    }

    /// <summary>A host has done something right. Comes only where somebody wants acceptances.</summary>
    void OnAcceptance(in Acceptance acceptance)
    {
    }
}
