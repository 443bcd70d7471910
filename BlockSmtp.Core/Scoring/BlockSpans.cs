using System.Net;

namespace BlockSmtp.Scoring;

/// <summary>Keeps when an engine or a replay has blocked whom.</summary>
internal sealed class BlockSpans : IEngineObserver
{
    private readonly List<BlockSpan> _all = [];
    private readonly Dictionary<IPNetwork, int> _last = [];

    /// <inheritdoc/>
    public bool WantsOffenses => false;

    /// <summary>The blocks so far, in the order in which they began. One that was released early ends then.</summary>
    public IReadOnlyCollection<BlockSpan> All => _all;

    /// <inheritdoc/>
    public void OnBlocked(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        _last[block.Network] = _all.Count;
        _all.Add(new BlockSpan(block.Network, block.Since, block.Until));
    }

    /// <inheritdoc/>
    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (_last.TryGetValue(block.Network, out var at) && time < _all[at].Until)
            _all[at] = _all[at] with { Until = time };
    }
}
