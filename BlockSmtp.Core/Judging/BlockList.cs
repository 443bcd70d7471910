using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Addresses;

namespace BlockSmtp.Judging;

/// <summary>What is blocked until when and why. Bounded; looking up costs the same however many there are.</summary>
internal sealed class BlockList
{
    /// <summary>Of so many blocks, the latest, the evidence is kept here.</summary>
    public const int MostEvidence = 10_000;

    private readonly int _capacity;
    private readonly Dictionary<HostKey, Block> _blocks = [];

    // How many blocked networks there are of each length, the narrowest first; usually none.
    private readonly SortedDictionary<(bool IsIPv4, int Length), int> _networks = new(
        Comparer<(bool IsIPv4, int Length)>.Create((a, b) => b.CompareTo(a)));

    // The same lengths: they are gone through for each host that is not blocked itself.
    private (bool IsIPv4, int Length)[] _lengths = [];

    // Blocks by their end, in ticks. A block that was taken out stays in here until its time comes.
    private readonly PriorityQueue<HostKey, long> _ends = new();

    // The names that were tried are a client's, and as long as it likes: of the oldest blocks only the store has them.
    private readonly Queue<HostKey> _withEvidence = new();

    public BlockList(int capacity) => _capacity = capacity;

    public int Count => _blocks.Count;

    /// <summary>How many of them another host of the fleet has led to.</summary>
    public int CountElsewhere { get; private set; }

    public bool IsFull => _blocks.Count >= _capacity;

    public IReadOnlyCollection<Block> All => _blocks.Values;

    /// <summary>When the next block ends.</summary>
    public DateTimeOffset? NextEnd => TryPeek(out var block) ? block.Until : null;

    public bool TryGet(IPNetwork network, [NotNullWhen(true)] out Block? block) => _blocks.TryGetValue(HostKey.Of(network), out block);

    /// <summary>Whether a host is blocked, by itself or in a network.</summary>
    public bool Covers(HostKey host) => Find(host) is not null;

    /// <summary>The block of a host, or else the narrowest of a network that it is in; null for none.</summary>
    public Block? Find(HostKey host) => _blocks.TryGetValue(host, out var block) ? block : _lengths.Length > 0 ? FindNetwork(host) : null;

    /// <summary>The blocked network that a host is in, the narrowest; null for none.</summary>
    public Block? FindNetwork(HostKey host)
    {
        foreach (var (isIPv4, length) in _lengths)
        {
            if (isIPv4 == host.IsIPv4 && _blocks.TryGetValue(host.Within(length), out var block))
                return block;
        }

        return null;
    }

    /// <summary>The block of a network, or else the narrowest of one that it is in.</summary>
    public Block? FindCovering(IPNetwork network)
    {
        for (var length = network.PrefixLength; length >= 0; length--)
        {
            if (TryGet(NetworkText.Masked(network.BaseAddress, length), out var block))
                return block;
        }

        return null;
    }

    /// <summary>Adds a block.</summary>
    /// <param name="block">The block; its network must not be blocked yet.</param>
    /// <returns>The block that had to go for want of room, the one that would have ended first; usually null.</returns>
    public Block? Add(Block block)
    {
        Block? crowdedOut = null;
        if (_blocks.Count >= _capacity && TryPeek(out crowdedOut))
            Remove(crowdedOut.Network);
        var key = HostKey.Of(block.Network);
        _blocks.Add(key, block);
        if (block.Node is not null)
            CountElsewhere++;
        CountNetwork(block.Network, 1);
        _ends.Enqueue(key, block.Until.UtcTicks);
        if (block.Evidence is not null)
        {
            _withEvidence.Enqueue(key);
            if (_withEvidence.Count > MostEvidence)
                ForgetEvidence(_withEvidence.Dequeue());
        }

        return crowdedOut;
    }

    /// <summary>So many more are to come: room for them is made once.</summary>
    public void Expect(int count)
    {
        _blocks.EnsureCapacity(Math.Min(_blocks.Count + count, _capacity));
        _ends.EnsureCapacity(Math.Min(_ends.Count + count, _capacity));
    }

    private void ForgetEvidence(HostKey key)
    {
        if (_blocks.TryGetValue(key, out var old) && old.Evidence is not null)
            _blocks[key] = old with { Evidence = null };
    }

    public bool Remove(IPNetwork network)
    {
        if (!_blocks.Remove(HostKey.Of(network), out var block))
            return false;
        if (block.Node is not null)
            CountElsewhere--;
        CountNetwork(network, -1);
        return true;
    }

    /// <summary>The clock was set: every block ends that much later or earlier by it.</summary>
    /// <returns>The blocks as they are now.</returns>
    public IReadOnlyList<Block> Shift(TimeSpan step)
    {
        Block[] shifted = [.. _blocks.Values.Select(block => block with { Until = block.Until + step })];
        _ends.Clear();
        foreach (var block in shifted)
        {
            var key = HostKey.Of(block.Network);
            _blocks[key] = block;
            _ends.Enqueue(key, block.Until.UtcTicks);
        }

        return shifted;
    }

    /// <summary>Takes out one block whose time is over.</summary>
    public bool TryExpire(DateTimeOffset now, [NotNullWhen(true)] out Block? expired)
    {
        while (_ends.TryPeek(out var key, out var end) && end <= now.UtcTicks)
        {
            _ends.Dequeue();
            if (!IsCurrent(key, end, out expired))
                continue;
            Remove(expired.Network);
            return true;
        }

        expired = null;
        return false;
    }

    private void CountNetwork(IPNetwork network, int change)
    {
        if (NetworkText.IsHost(network))
            return;
        var kind = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork, network.PrefixLength);
        var count = _networks.GetValueOrDefault(kind) + change;
        if (count == 0)
            _networks.Remove(kind);
        else
            _networks[kind] = count;
        if (_networks.Count != _lengths.Length)
            _lengths = [.. _networks.Keys];
    }

    private bool TryPeek([NotNullWhen(true)] out Block? next)
    {
        while (_ends.TryPeek(out var key, out var end))
        {
            if (IsCurrent(key, end, out next))
                return true;
            _ends.Dequeue();
        }

        next = null;
        return false;
    }

    private bool IsCurrent(HostKey key, long end, [NotNullWhen(true)] out Block? block) =>
        _blocks.TryGetValue(key, out block) && block.Until.UtcTicks == end;
}
