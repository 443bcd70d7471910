using System.Net;
using BlockSmtp;

namespace OwnMailServer;

/// <summary>
/// Blocks a host of whose recipients more than so many per cent do not exist, once it has tried a few: a newsletter with an old list is let
/// be, a guesser is not. It is told what a host did right as well, so that it reads no log itself.
/// </summary>
public sealed class RatioPolicy(int atLeast, int percent) : IOffenderPolicy
{
    // Whoever has a /64 has more addresses than there is memory.
    private const int MostHosts = 100_000;

    private readonly Dictionary<IPAddress, (int Right, int Wrong)> _hosts = [];

    public bool WantsAcceptances => true;

    public void Accept(in Acceptance acceptance)
    {
        var (right, wrong) = Of(acceptance.Peer);
        _hosts[acceptance.Peer] = (right + acceptance.Recipients, wrong);
    }

    public Verdict Judge(in Offense offense)
    {
        var (right, wrong) = Of(offense.Peer);
        _hosts[offense.Peer] = (right, ++wrong);
        var tried = right + wrong;
        if (tried < atLeast || wrong * 100 < percent * tried)
            return Verdict.None;
        _hosts.Remove(offense.Peer);
        return Verdict.Block(TimeSpan.FromHours(3), wrong, $"{wrong} of {tried} recipients do not exist");
    }

    private (int Right, int Wrong) Of(IPAddress host)
    {
        if (_hosts.Count >= MostHosts)
            _hosts.Clear();
        return _hosts.GetValueOrDefault(host);
    }
}
