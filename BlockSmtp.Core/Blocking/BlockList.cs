using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Blocking;

/// <summary>What is blocked until when and why. Bounded; looking up costs the same however many there are.</summary>
internal sealed class BlockList
{
    private readonly int _capacity;
    private readonly Dictionary<HostKey, Block> _blocks = [];

    // Blocks by their end. A block that was taken out stays in here until its time comes.
    private readonly PriorityQueue<Block, DateTimeOffset> _ends = new();

    public BlockList(int capacity) => _capacity = capacity;

    public int Count => _blocks.Count;

    public IReadOnlyCollection<Block> All => _blocks.Values;

    /// <summary>When the next block ends.</summary>
    public DateTimeOffset? NextEnd => TryPeek(out var block) ? block.Until : null;

    public bool TryGet(IPNetwork network, [NotNullWhen(true)] out Block? block) => _blocks.TryGetValue(HostKey.Of(network), out block);

    public bool Contains(HostKey host) => _blocks.ContainsKey(host);

    /// <summary>The block of a host, or else the narrowest of a network that it is in.</summary>
    public Block? FindCovering(IPAddress host)
    {
        for (var length = host.AddressFamily == AddressFamily.InterNetwork ? 32 : 128; length >= 0; length--)
        {
            if (TryGet(NetworkText.Masked(host, length), out var block))
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
        _blocks.Add(HostKey.Of(block.Network), block);
        _ends.Enqueue(block, block.Until);
        return crowdedOut;
    }

    public bool Remove(IPNetwork network) => _blocks.Remove(HostKey.Of(network));

    /// <summary>Takes out one block whose time is over.</summary>
    public bool TryExpire(DateTimeOffset now, [NotNullWhen(true)] out Block? expired)
    {
        if (!TryPeek(out expired) || expired.Until > now)
        {
            expired = null;
            return false;
        }

        _ends.Dequeue();
        _blocks.Remove(HostKey.Of(expired.Network));
        return true;
    }

    private bool TryPeek([NotNullWhen(true)] out Block? next)
    {
        while (_ends.TryPeek(out next, out _))
        {
            if (_blocks.TryGetValue(HostKey.Of(next.Network), out var current) && ReferenceEquals(current, next))
                return true;
            _ends.Dequeue();
        }

        return false;
    }
}
