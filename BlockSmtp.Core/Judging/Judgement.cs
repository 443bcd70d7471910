using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Addresses;
using BlockSmtp.Collections;

namespace BlockSmtp.Judging;

/// <summary>
/// From offenses to blocks: asks the policy, and last of all, right before a block, the white-list, so that no path goes
/// round it.
/// </summary>
internal sealed class Judgement
{
    // A trusted host that offends on and on is told of once per block time, and this many are remembered.
    private const int MostIgnored = 16_384;
    private const int MostSeers = 3;

    // What is meant to be longer is for ever; the calendar has an end, and a clock may be set.
    private static readonly TimeSpan LongestBlock = TimeSpan.FromDays(36_525);

    private readonly IOffenderPolicy _policy;
    private readonly IDecisionSink _sink;
    private readonly HostTraces? _traces;
    private readonly AgingTable<HostKey, DateTimeOffset> _ignored = new(MostIgnored);
    private readonly NamesWhileBlocked _whileBlocked = new();

    // What was on its way when a host was blocked is logged a moment later.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // Two hosts that decide the same at the same time need not make each other's block longer by that moment.
    private static readonly TimeSpan Alike = TimeSpan.FromSeconds(5);

    // Who guesses on while blocked does so again and again in one transaction: the same object, until a block ends.
    private IPAddress? _lastBlocked;
    private Block? _lastBlock;
    private HashSet<IPAddress> _ownAddresses;
    private DateTimeOffset _now;

    /// <param name="policy">Decides what is too much.</param>
    /// <param name="options">The white-list, the mail server's own addresses and the bounds.</param>
    /// <param name="sink">Takes the decisions.</param>
    /// <param name="traces">Keeps what hosts have done; null where nobody needs it.</param>
    public Judgement(IOffenderPolicy policy, DetectionOptions options, IDecisionSink sink, HostTraces? traces = null)
    {
        _policy = policy;
        _sink = sink;
        _ownAddresses = Plain(options.OwnAddresses);
        WhiteList = options.WhiteList;
        _traces = traces;
        Blocks = new BlockList(options.MaxBlocks);
        policy.TakeOwn(_ownAddresses);
    }

    public BlockList Blocks { get; }

    public WhiteList WhiteList { get; private set; }

    /// <summary>How many offenses no line has told.</summary>
    public long Reported { get; private set; }

    public long Blocked { get; private set; }

    public long Released { get; private set; }

    public long Ignored { get; private set; }

    /// <summary>Time has come to <paramref name="now"/>: ends the blocks whose time is over, each at its own time.</summary>
    public void Tick(DateTimeOffset now)
    {
        _now = now;
        if (WhiteList.NextEnd is { } end && now >= end)
        {
            WhiteList = WhiteList.At(now);
            _ignored.Clear();
        }

        while (Blocks.TryExpire(now, out var block))
            Release(block, block.Until, ReleaseReason.Expired);
    }

    /// <summary>The log has come to <paramref name="time"/>; a line that comes late does not turn the time back.</summary>
    public void Advance(DateTimeOffset time)
    {
        if (time > _now)
            Tick(time);
    }

    /// <summary>Judges one offense. The decision happens at the time of the last tick, or of the offense if that is later.</summary>
    public void Consider(in Offense offense)
    {
        Advance(offense.Time);
        _sink.OnOffense(offense);
        Judge(offense, isNew: true);
    }

    /// <summary>Judges an offense that no line has told.</summary>
    public void ConsiderReported(in Offense offense)
    {
        Reported++;
        Consider(offense);
    }

    /// <summary>A host has done something right.</summary>
    public void Accept(in Acceptance acceptance)
    {
        _sink.OnAcceptance(acceptance);
        if (_policy.WantsAcceptances)
            _policy.Accept(acceptance);
    }

    /// <summary>Judges a host anew, whose transaction is over.</summary>
    public void End(in TransactionEnd end)
    {
        if (!_policy.WantsAcceptances)
            return;
        _sink.OnEnd(end);
        var host = HostKey.Of(end.Peer);
        var block = Blocks.Find(host);
        _traces?.End(host, end, block?.Network);
        if (block is not null)
            Reconsider(block, _policy.End(end with { IsBlocked = true }), end.Sender);
        else if (!IsIgnored(host))
            Carry(_policy.End(end), end.Peer, host, end.Node);
    }

    /// <summary>What the policy has blocked it may release.</summary>
    private void Reconsider(Block block, in Verdict verdict, SenderKind sender)
    {
        if (!verdict.IsRelease || block.Origin != BlockOrigin.Policy || !Blocks.Remove(block.Network))
            return;
        var meanwhile = Release(block, _now, ReleaseReason.Unfounded);
        // Whoever bounces may be let in many times, but right recipients excuse a host once: what was among them is excused, too.
        if (sender != SenderKind.Null)
            return;
        foreach (var offense in meanwhile)
            Judge(offense.Sender == SenderKind.Null ? offense with { Transaction = 0 } : offense, isNew: true);
    }

    /// <summary>Judges an offense that an earlier run has counted already.</summary>
    public void Resume(in Offense offense) => Judge(offense with { IsRestored = true }, isNew: false);

    private void Judge(in Offense offense, bool isNew)
    {
        var host = offense.Key;
        if (ReferenceEquals(offense.Peer, _lastBlocked))
        {
            OffendWhileBlocked(offense, _lastBlock!);
            return;
        }

        if (Blocks.Find(host) is { } block)
        {
            (_lastBlocked, _lastBlock) = (offense.Peer, block);
            OffendWhileBlocked(offense, block);
            return;
        }

        if (IsIgnored(host))
            return;
        _traces?.Add(host, offense);
        if (isNew)
            _sink.OnCounted(offense);
        Carry(_policy.Judge(offense), offense.Peer, host, offense.Node);
    }

    private void OffendWhileBlocked(in Offense offense, Block block)
    {
        // Whom another host still hears may be blocked here all the same.
        if (offense.Node is null && offense.Time >= block.Since + Moment)
            _sink.OnBlockedOffense(block);
        // Who wants no transactions takes no block back.
        if (_policy.WantsAcceptances)
            _whileBlocked.Add(offense, block);
    }

    /// <summary>Carries out a verdict, unless whom it would block is trusted.</summary>
    private void Carry(in Verdict verdict, IPAddress peer, HostKey host, string? node)
    {
        if (_policy.TakeAlarm() is { } alarm)
            _sink.OnAlarm(alarm);
        if (!verdict.IsBlock)
            return;
        if (WhyTrusted(peer) is { } reason)
        {
            _traces?.Forget(host);
            Ignored++;
            _ignored.Touch(host, out _, out _) = EndOf(verdict.BlockFor);
            _sink.OnIgnored(peer, _now, verdict.Offenses, reason);
            return;
        }

        var network = NetworkFor(verdict, peer);
        var others = _traces?.OthersThatSaw(host, node) ?? [];
        Begin(new Block(network, _now, EndOf(verdict.BlockFor), verdict.Offenses, ReasonOf(verdict, others))
        {
            Evidence = _traces?.Take(host, verdict.Offenses, network),
            Node = node,
        });
    }

    /// <summary>Why a verdict is as it is, and which hosts of a fleet have seen some of it beside the one that saw what decided.</summary>
    private static string ReasonOf(in Verdict verdict, IReadOnlyList<string?> others) =>
        others.Count == 0
            ? verdict.Reason!
            : $"{verdict.Reason}; some of it seen "
                + string.Join(" and ", others.Take(MostSeers).Select(node => node is null ? "here" : $"by {node}"));

    /// <summary>The network that a verdict names; only the host where somebody is trusted in it, or it is not one of the host's.</summary>
    private IPNetwork NetworkFor(in Verdict verdict, IPAddress peer)
    {
        if (verdict.Network is { } named)
        {
            var network = NetworkText.Unmap(named);
            if (network.Contains(peer) && WhyTrusted(network) is null && !Blocks.TryGet(network, out _))
                return network;
        }

        return HostKey.NetworkOf(peer);
    }

    /// <summary>Takes up a block that an earlier run has made, with the time that is left to it at the last tick.</summary>
    /// <returns>What has become of it meanwhile; null when it is in force.</returns>
    public BlockRecord? Resume(Block block)
    {
        if (block.Until <= _now)
            return new BlockRecord(block, block.Until, ReleaseReason.Expired);
        if (WhyTrusted(block.Network) is not null)
            return new BlockRecord(block, _now, ReleaseReason.WhiteListed);
        if (Blocks.TryGet(block.Network, out _))
            return new BlockRecord(block, _now, ReleaseReason.Replaced);
        var origin = block.Node is null ? BlockOrigin.Restored : BlockOrigin.Elsewhere;
        // A copy of each of very many is as much memory again.
        if (Blocks.Add(block.Origin == origin ? block : block with { Origin = origin }) is { } crowdedOut)
            Release(crowdedOut, _now, ReleaseReason.Crowded);
        return null;
    }

    /// <summary>
    /// Blocks because somebody asked for it; a block of the same network that there is already gives way, and leaves what it is based on.
    /// </summary>
    public BlockOutcome Block(IPNetwork network, TimeSpan time, string reason, bool keepsLonger, DateTimeOffset now)
    {
        network = NetworkText.Unmap(network);
        Tick(now);
        if (WhyTrusted(network) is { } refusal)
            return new BlockOutcome(null, refusal);
        if (keepsLonger && Blocks.TryGet(network, out var longer) && longer.Until > EndOf(time))
            return new BlockOutcome(longer, null) { IsKept = true };
        TryEnd(network, now, ReleaseReason.Replaced, out var former);
        var block = new Block(network, now, EndOf(time), former?.Offenses ?? 0, reason)
        {
            Origin = BlockOrigin.Operator,
            Evidence = former?.Evidence,
        };
        Begin(block);
        return new BlockOutcome(block, null);
    }

    /// <summary>
    /// Blocks because another host has: never for less time than it is blocked already, nor at the cost of a block of this host's own.
    /// </summary>
    public ElsewhereAnswer BlockAtLeast(in ElsewhereBlock wish, int mostElsewhere)
    {
        if (WhyTrusted(wish.Network) is not null)
            return ElsewhereAnswer.Trusted;
        var key = HostKey.Of(wish.Network);
        var until = EndOf(wish.Time);
        if (Blocks.Find(key) is { } there && there.Until + Alike >= until)
            return ElsewhereAnswer.Kept;
        var isBlocked = Blocks.TryGet(wish.Network, out var former);
        if (former?.Node is null && (Blocks.CountElsewhere >= mostElsewhere || (!isBlocked && Blocks.IsFull)))
            return ElsewhereAnswer.TooMany;
        TryEnd(wish.Network, _now, ReleaseReason.Replaced, out _);
        Begin(new Block(wish.Network, _now, until, Math.Max(wish.Offenses, former?.Offenses ?? 0), wish.Reason)
        {
            Origin = BlockOrigin.Elsewhere,
            Evidence = former?.Evidence,
            Node = wish.Node,
        });
        return ElsewhereAnswer.Blocked;
    }

    /// <summary>Ends a block because another host has.</summary>
    public bool TryReleaseElsewhere(IPNetwork network) => TryEnd(network, _now, ReleaseReason.Elsewhere, out _);

    /// <summary>What is known of a host.</summary>
    public HostExplanation Explain(IPAddress host) => new(host)
    {
        Block = Blocks.Find(HostKey.Of(host)),
        Trusted = WhyTrusted(host),
        TrustedAt = WhiteList.TryFind(host, out var network) ? WhiteList.PlaceOf(network) : null,
        Offenses = _traces?.Find(HostKey.Of(host)) ?? [],
    };

    /// <summary>What is known of a network.</summary>
    public NetworkExplanation Explain(IPNetwork network)
    {
        network = NetworkText.Unmap(network);
        return new NetworkExplanation(network)
        {
            Block = Blocks.FindCovering(network),
            Within = [.. Blocks.All.Where(block =>
                block.Network.PrefixLength > network.PrefixLength && network.Contains(block.Network.BaseAddress))],
            Trusted = WhyTrusted(network),
            TrustedAt = WhiteList.TryFindPart(network, out var trusted) ? WhiteList.PlaceOf(trusted) : null,
        };
    }

    /// <summary>Ends a block because somebody asked for it.</summary>
    public bool TryRelease(IPNetwork network, DateTimeOffset now)
    {
        if (!TryEnd(NetworkText.Unmap(network), now, ReleaseReason.Requested, out var ended))
            return false;
        if (ended is { Origin: BlockOrigin.Policy or BlockOrigin.Restored })
            _policy.Forgive(ended.Network, now);
        return true;
    }

    /// <summary>Takes another white-list: who is trusted by it is released at once.</summary>
    public void Trust(WhiteList whiteList, DateTimeOffset now)
    {
        WhiteList = whiteList;
        ReleaseTrusted(now);
    }

    /// <summary>
    /// Takes other addresses of the mail server: one of them that is blocked is released at once. False when they are what they were.
    /// </summary>
    public bool TryTakeOwn(IReadOnlyList<IPAddress> addresses, DateTimeOffset now)
    {
        var plain = Plain(addresses);
        if (_ownAddresses.SetEquals(plain))
            return false;
        _ownAddresses = plain;
        _policy.TakeOwn(plain);
        ReleaseTrusted(now);
        return true;
    }

    /// <summary>As peers are: IPv4 as itself, and without an interface.</summary>
    private static HashSet<IPAddress> Plain(IReadOnlyList<IPAddress> addresses) =>
        [.. addresses.Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes()))];

    private DateTimeOffset EndOf(TimeSpan time) => _now + (time < LongestBlock ? time : LongestBlock);

    private void ReleaseTrusted(DateTimeOffset now)
    {
        _ignored.Clear();
        foreach (var block in Blocks.All.ToArray())
        {
            if (WhyTrusted(block.Network) is not null && Blocks.Remove(block.Network))
                Release(block, now, ReleaseReason.WhiteListed);
        }
    }

    private bool IsIgnored(HostKey host)
    {
        if (_ignored.Count == 0)
            return false;
        ref var until = ref _ignored.Find(host);
        return !Unsafe.IsNullRef(ref until) && until > _now;
    }

    private string? WhyTrusted(IPAddress peer)
    {
        if (WhiteList.TryFind(peer, out var network))
            return $"white-listed by {NetworkText.Show(network)}";
        return peer.Equals(IPAddress.Loopback) || peer.Equals(IPAddress.IPv6Loopback) || _ownAddresses.Contains(peer)
            ? "it is the mail server itself"
            : null;
    }

    private string? WhyTrusted(IPNetwork network)
    {
        if (WhiteList.TryFindPart(network, out var trusted))
            return $"white-listed by {NetworkText.Show(trusted)}";
        if (!network.Contains(IPAddress.Loopback) && !network.Contains(IPAddress.IPv6Loopback) && !_ownAddresses.Any(network.Contains))
            return null;
        return NetworkText.IsHost(network) ? "it is the mail server itself" : "the mail server itself is in it";
    }

    private void Begin(Block block)
    {
        Blocked++;
        if (Blocks.Add(block) is { } crowdedOut)
            Release(crowdedOut, _now, ReleaseReason.Crowded);
        _sink.OnBlocked(block);
    }

    /// <summary>Ends the block of a network; false where there is none.</summary>
    private bool TryEnd(IPNetwork network, DateTimeOffset time, ReleaseReason reason, [NotNullWhen(true)] out Block? ended)
    {
        if (!Blocks.TryGet(network, out ended))
            return false;
        Blocks.Remove(network);
        Release(ended, time, reason);
        return true;
    }

    /// <returns>What was tried right after the block.</returns>
    private IReadOnlyList<Offense> Release(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        Released++;
        _lastBlocked = null;
        if (reason == ReleaseReason.Unfounded)
            _traces?.GiveBack(block.Network);
        else
            _traces?.OnOver(block.Network);
        _sink.OnReleased(block, time, reason);
        return _whileBlocked.Take(block.Network);
    }
}
