using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Judging;
using BlockSmtp.Policies;

namespace BlockSmtp.Reports;

/// <summary>Lets another policy judge the same offenses.</summary>
internal sealed class PolicyTrial : IDecisionSink
{
    private readonly Judgement _judgement;
    private bool _blocked;

    /// <param name="policy">The policy.</param>
    public PolicyTrial(CountPolicyOptions policy)
    {
        Policy = policy;
        _judgement = new Judgement(new CountPolicy(policy), new DetectionOptions(), this);
    }

    public CountPolicyOptions Policy { get; }

    /// <summary>How many offenses were made while their host was not blocked.</summary>
    public long Answered { get; private set; }

    /// <summary>Takes in an offense of a host that is not trusted; true when it blocks the host.</summary>
    public bool Offend(HostKey host, in Offense offense)
    {
        _blocked = false;
        _judgement.Advance(offense.Time);
        if (!_judgement.Blocks.Covers(host))
            Answered++;
        _judgement.Consider(offense);
        return _blocked;
    }

    public void OnOffense(in Offense offense)
    {
    }

    public void OnBlocked(Block block) => _blocked = true;

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
    }

    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
    }
}
