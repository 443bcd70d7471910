using System.Net;
using BlockSmtp.Transactions;

namespace BlockSmtp.Judging;

/// <summary>Takes what a <see cref="Detector"/> decides, in order.</summary>
internal interface IDecisionSink
{
    void OnOffense(in Offense offense);

    void OnBlocked(Block block);

    void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason);

    void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason);
}
