using System.Net;
using System.Net.Sockets;
using BlockSmtp.Addresses;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;

namespace BlockSmtp.Sharing;

/// <summary>
/// Lets in what other hosts say, as far as the limits and this host's own trust allow, and counts what it refuses. In turn.
/// </summary>
internal sealed class FleetDoor(Judgement judgement, FleetLimits limits)
{
    // So old a fact can count for nothing, and so much is no date yet.
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(30);

    // What was said in the same moment may arrive either way.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // Blocks that were said some time before they were heard: a release that came in between is of them.
    private readonly Dictionary<IPNetwork, (DateTimeOffset Since, DateTimeOffset SaidAt)> _heardLate = [];

    private long _blocked, _released, _facts, _trusted, _tooWide, _tooMany, _improper;

    public FleetReport ReportOn(FleetStatus status) => new(status)
    {
        Blocks = judgement.Blocks.CountElsewhere,
        Blocked = _blocked,
        Released = _released,
        Facts = _facts,
        Trusted = _trusted,
        TooWide = _tooWide,
        TooMany = _tooMany,
        Improper = _improper,
    };

    /// <param name="word">What was said.</param>
    /// <param name="now">When it is heard.</param>
    public void Take(FleetWord? word, DateTimeOffset now)
    {
        if (word is null || !IsProper(word) || !TryRead(word.Network, out var network) || (word.IsFact && !NetworkText.IsHost(network)))
        {
            _improper++;
            return;
        }

        var age = word.Age < TimeSpan.Zero ? TimeSpan.Zero : word.Age < Oldest ? word.Age : Oldest;
        if (word.Kind == FleetWordKind.Block)
            Block(word, network, now - age);
        else if (word.Kind == FleetWordKind.Release)
            Release(word, network, now - age);
        else if (limits.CountsFacts && age < Oldest)
            Count(word, network.BaseAddress, now - age);
    }

    private void Block(FleetWord word, IPNetwork network, DateTimeOffset saidAt)
    {
        if (word.Left <= TimeSpan.Zero)
            return;
        if (network.PrefixLength < (IsIPv4(network) ? limits.MinPrefixIPv4 : limits.MinPrefixIPv6))
        {
            _tooWide++;
            return;
        }

        var time = word.Left < limits.MaxBlockTime ? word.Left : limits.MaxBlockTime;
        var wish = new ElsewhereBlock(
            network, time, Math.Max(0, word.Offenses), Plain(word.Reason, FleetWord.LongestText) ?? "blocked there", word.Node);
        switch (judgement.BlockAtLeast(wish, limits.MaxBlocks))
        {
            case ElsewhereAnswer.Blocked:
                _blocked++;
                NoteSaid(network, saidAt);
                break;
            case ElsewhereAnswer.Trusted: _trusted++; break;
            case ElsewhereAnswer.TooMany: _tooMany++; break;
            default: break;
        }
    }

    private void Release(FleetWord word, IPNetwork network, DateTimeOffset saidAt)
    {
        if (!word.IsUnfounded && !limits.TakesReleases)
            return;
        // What was blocked after it was said is another matter.
        if (judgement.Blocks.TryGet(network, out var block)
            && SaidAt(block) <= saidAt + Moment
            && (!word.IsUnfounded || block.Node == word.Node)
            && judgement.TryReleaseElsewhere(network))
            _released++;
    }

    private void NoteSaid(IPNetwork network, DateTimeOffset saidAt)
    {
        if (!judgement.Blocks.TryGet(network, out var block) || block.Since <= saidAt + Moment)
            return;
        if (_heardLate.Count >= limits.MaxBlocks)
        {
            foreach (var (known, (since, _)) in _heardLate)
            {
                if (!judgement.Blocks.TryGet(known, out var there) || there.Since != since)
                    _heardLate.Remove(known);
            }
        }

        _heardLate[network] = (block.Since, saidAt);
    }

    private DateTimeOffset SaidAt(Block block) =>
        _heardLate.TryGetValue(block.Network, out var late) && late.Since == block.Since ? late.SaidAt : block.Since;

    private void Count(FleetWord word, IPAddress host, DateTimeOffset at)
    {
        _facts++;
        switch (word.Kind)
        {
            case FleetWordKind.Offense:
                var name = Plain(word.Recipient, RecipientName.LongestShown);
                var (key, order) = name is null ? default : RecipientName.OfTried(name);
                judgement.Consider(new Offense(host, at, word.OffenseKind)
                {
                    Source = PeerSource.Elsewhere,
                    Node = word.Node,
                    Recipient = name,
                    RecipientKey = key,
                    RecipientOrder = order,
                    Transaction = TransactionOf(word),
                    Sender = word.Sender,
                });
                break;
            case FleetWordKind.Delivery:
                // Each hour of each host earns once.
                var recipient = (ulong)(uint)HashCode.Combine(word.Node, at.UtcTicks / TimeSpan.TicksPerHour) | (1UL << 32);
                judgement.Accept(new Acceptance(host, at, 1)
                {
                    Kind = AcceptanceKind.Delivery,
                    Source = PeerSource.Elsewhere,
                    Node = word.Node,
                    RecipientKey = recipient,
                });
                break;
            default:
                judgement.End(new TransactionEnd(host, at, TransactionOf(word))
                {
                    Sender = word.Sender,
                    Recipients = Math.Max(0, word.Recipients),
                    IsTaken = word.IsTaken,
                    Node = word.Node,
                });
                break;
        }
    }

    /// <summary>One of the sender's own, and none of ours that he could choose: strings are hashed anew in each process.</summary>
    private static ulong TransactionOf(FleetWord word)
    {
        if (word.Transaction == 0)
            return 0;
        var mixed = (word.Transaction ^ ((ulong)(uint)word.Node.GetHashCode(StringComparison.Ordinal) << 32)) * 0x9E3779B97F4A7C15;
        return mixed == 0 ? 1 : mixed;
    }

    private static bool IsProper(FleetWord word) =>
        word.Node is { Length: > 0 and <= FleetWord.LongestNode } node
        && node.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')
        && Enum.IsDefined(word.Kind) && Enum.IsDefined(word.OffenseKind) && Enum.IsDefined(word.Sender);

    /// <summary>As it is here: IPv4 as itself, and without an interface.</summary>
    private static bool TryRead(IPNetwork network, out IPNetwork read)
    {
        var plain = network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && network.BaseAddress.ScopeId != 0
            ? new IPNetwork(new IPAddress(network.BaseAddress.GetAddressBytes()), network.PrefixLength)
            : network;
        read = NetworkText.Unmap(plain);
        return !(read.BaseAddress.IsIPv4MappedToIPv6 && read.PrefixLength > 0);
    }

    private static bool IsIPv4(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Without what would do something on a terminal, and not too long.</summary>
    private static string? Plain(string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var cut = text.Length > longest ? text[..longest] : text;
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(static letter => char.IsControl(letter) ? '?' : letter)) : cut;
    }
}
