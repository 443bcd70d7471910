using System.Net;

namespace BlockSmtp;

/// <summary>
/// Keeps the state in memory: it outlasts an engine, but not the process. For programs that start engines one after another, or show a
/// history. Any thread may ask.
/// </summary>
/// <param name="maxHistory">How many blocks that are over are kept; when there are more, the oldest go. At least 0.</param>
/// <exception cref="ArgumentOutOfRangeException">It is less than 0.</exception>
public sealed class MemoryBlockStore(int maxHistory = 10_000) : IBlockStore, IBlockHistory
{
    private readonly int _maxHistory = maxHistory >= 0
        ? maxHistory
        : throw new ArgumentOutOfRangeException(nameof(maxHistory), maxHistory, "There cannot be less than no history: give 0 for none.");
    private readonly Lock _lock = new();
    private readonly Dictionary<(IPNetwork Network, DateTimeOffset Since), BlockRecord> _current = [];
    private readonly Dictionary<(IPNetwork Network, DateTimeOffset Since), BlockRecord> _over = [];
    private readonly Queue<(IPNetwork Network, DateTimeOffset Since)> _order = new();
    private readonly Dictionary<IPAddress, HostOffenses> _offenses = [];
    private readonly Dictionary<(string, int, string), WaitingTransaction> _waiting = [];
    private string? _position;

    /// <inheritdoc/>
    public ValueTask<StoredState> LoadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(new StoredState
            {
                LogPosition = _position,
                Blocks = [.. _current.Values.Select(record => record.Block)],
                Offenses = [.. _offenses.Values],
                Waiting = [.. _waiting.Values],
            });
        }
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(StateChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            if (change.IsWhole)
                Forget(change);
            foreach (var record in change.Blocks)
                Keep(record);
            foreach (var host in change.Offenses)
            {
                _offenses.Remove(host.Host);
                if (host.Offenses.Count > 0)
                    _offenses.Add(host.Host, host);
            }

            foreach (var one in change.Waiting)
            {
                _waiting.Remove((one.QueueId, one.ProcessId, one.LogHost));
                if (one.Offenses > 0)
                    _waiting.Add((one.QueueId, one.ProcessId, one.LogHost), one);
            }

            _position = change.LogPosition;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BlockRecord>> FindAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_lock)
        {
            var found = _current.Values.Concat(query.OnlyCurrent ? [] : _over.Values)
                .Where(record => (query.Host is null || record.Block.Network.Contains(query.Host))
                    && (query.Network is null || record.Block.Network == query.Network)
                    && (query.From is null || record.Block.Since >= query.From))
                .OrderByDescending(record => record.Block.Since).Take(query.Limit);
            return ValueTask.FromResult<IReadOnlyList<BlockRecord>>([.. found]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Offense>> FindOffensesAsync(IPAddress host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_lock)
            return ValueTask.FromResult(_offenses.GetValueOrDefault(host)?.Offenses ?? []);
    }

    private void Forget(StateChange whole)
    {
        _offenses.Clear();
        _waiting.Clear();
        var current = whole.Blocks.Where(record => record.IsCurrent)
            .Select(record => (record.Block.Network, record.Block.Since))
            .ToHashSet();
        foreach (var (key, record) in _current.Where(entry => !current.Contains(entry.Key)).ToList())
        {
            var isOver = record.Block.Until <= whole.Time;
            Keep(record with
            {
                ReleasedAt = isOver ? record.Block.Until : whole.Time,
                ReleaseReason = isOver ? ReleaseReason.Expired : ReleaseReason.Requested,
            });
        }
    }

    private void Keep(BlockRecord record)
    {
        var key = (record.Block.Network, record.Block.Since);
        _current.Remove(key);
        if (record.IsCurrent)
        {
            _current.Add(key, record);
            return;
        }

        if (!_over.ContainsKey(key))
            _order.Enqueue(key);
        _over[key] = record;
        while (_over.Count > _maxHistory)
            _over.Remove(_order.Dequeue());
    }
}
