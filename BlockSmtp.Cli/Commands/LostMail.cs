using System.Net;

namespace BlockSmtp.Cli.Commands;

/// <summary>Counts the mail that would have met a block, and the guesses: of a host that has been blocked since before.</summary>
internal sealed class LostMail : IEngineObserver
{
    private readonly HashSet<IPNetwork> _blocked = [];
    private readonly HashSet<int> _lengths = [];

    /// <summary>To how many recipients mail was delivered.</summary>
    public long Recipients { get; private set; }

    /// <summary>How many of them would have met a block.</summary>
    public long HeldUp { get; private set; }

    /// <summary>How many guesses would have met one.</summary>
    public long KeptOut { get; private set; }

    /// <summary>Has a policy tell of what is delivered too.</summary>
    public IOffenderPolicy Watch(IOffenderPolicy policy) => new Watched(policy, this);

    public void OnOffense(in Offense offense) => KeptOut += IsBlocked(offense.Peer) ? 1 : 0;

    public void OnBlocked(Block block)
    {
        _blocked.Add(block.Network);
        _lengths.Add(block.Network.PrefixLength);
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) => _blocked.Remove(block.Network);

    private bool IsBlocked(IPAddress host)
    {
        if (_blocked.Count == 0)
            return false;
        foreach (var length in _lengths)
        {
            if (length <= (host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
                && _blocked.Contains(Network(host, length)))
                return true;
        }

        return false;
    }

    private static IPNetwork Network(IPAddress host, int length)
    {
        var bytes = host.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - (8 * i), 0, 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private sealed class Watched(IOffenderPolicy policy, LostMail lost) : IOffenderPolicy
    {
        public bool WantsAcceptances => true;

        public Verdict Judge(in Offense offense) => policy.Judge(offense);

        public void TakeOwn(IReadOnlyCollection<IPAddress> addresses) => policy.TakeOwn(addresses);

        public Verdict End(in TransactionEnd end) => policy.WantsAcceptances ? policy.End(end) : Verdict.None;

        public void Accept(in Acceptance acceptance)
        {
            if (acceptance.Kind == AcceptanceKind.Delivery)
            {
                lost.Recipients++;
                lost.HeldUp += lost.IsBlocked(acceptance.Peer) ? 1 : 0;
            }

            if (policy.WantsAcceptances)
                policy.Accept(acceptance);
        }
    }
}
