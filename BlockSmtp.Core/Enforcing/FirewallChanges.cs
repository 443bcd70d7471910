using System.Net;
using BlockSmtp.Collections;

namespace BlockSmtp.Enforcing;

/// <summary>
/// What the firewall is still to be told. The last word on a network counts: one that is blocked and released before the
/// firewall has heard of it comes to a release.
/// </summary>
internal sealed class FirewallChanges
{
    private const int ManyYoung = 10_000;

    private readonly Lock _lock = new();
    private readonly WakeUp _waiting = new();
    private Dictionary<IPNetwork, FirewallChange> _changes = [];
    private TaskCompletionSource? _turn;
    private bool _isHeld;

    // The blocked whose packets are not known to be dropped: the new ones, and those that were so a round ago.
    private readonly WakeUp _open = new();
    private readonly HashSet<IPNetwork> _doubted = [];
    private HashSet<IPNetwork> _young = [];
    private HashSet<IPNetwork> _late = [];
    private bool _isInDoubt;

    /// <summary>Whether blocked hosts have offended since the firewall was looked at last.</summary>
    public bool IsInDoubt
    {
        get
        {
            lock (_lock)
                return _isInDoubt;
        }
    }

    /// <summary>Whether there are blocked hosts whose packets are not known to be dropped.</summary>
    public bool HasOpen
    {
        get
        {
            lock (_lock)
                return _young.Count + _late.Count + _doubted.Count > 0;
        }
    }

    public void Add(FirewallChange change)
    {
        lock (_lock)
        {
            _changes[change.Network] = change;
            if (change.IsBlock)
            {
                _young.Add(change.Network);
                _open.Set();
            }
            else
            {
                Close(change.Network);
            }

            if (!_isHeld)
                _waiting.Set();
        }
    }

    /// <summary>So many blocks are to come: room for them is made once.</summary>
    public void Expect(int count)
    {
        lock (_lock)
        {
            _changes.EnsureCapacity(_changes.Count + count);
            _young.EnsureCapacity(_young.Count + count);
        }
    }

    /// <summary>Many changes come at once, of which none is in a hurry: whoever carries them out is woken when all are there.</summary>
    public void Collect(Action changes)
    {
        lock (_lock)
            _isHeld = true;
        try
        {
            changes();
        }
        finally
        {
            lock (_lock)
            {
                _isHeld = false;
                if (_changes.Count > 0)
                    _waiting.Set();
            }
        }
    }

    /// <summary>Somebody in a network that has been blocked for more than a moment has offended.</summary>
    public void Doubt(IPNetwork network)
    {
        lock (_lock)
        {
            if (_doubted.Add(network))
                _open.Set();
            if (_isInDoubt)
                return;
            _isInDoubt = true;
            _waiting.Set();
        }
    }

    /// <summary>The firewall is looked at now: what comes later is new doubt.</summary>
    public void TakeDoubt()
    {
        lock (_lock)
            _isInDoubt = false;
    }

    /// <summary>Packets of these are dropped.</summary>
    /// <returns>Those of them who have offended meanwhile: they have sessions that the block has not ended.</returns>
    public IReadOnlyCollection<IPNetwork> Dropped(IReadOnlyCollection<IPNetwork> networks)
    {
        lock (_lock)
        {
            IPNetwork[] doubted = [.. networks.Where(_doubted.Contains)];
            foreach (var network in networks)
                Close(network);
            // Of a start with many, no room for so many is left behind.
            if (_young.Count == 0 && _young.Capacity > ManyYoung)
                _young = [];
            return doubted;
        }
    }

    /// <summary>Ends when there may be blocked hosts whose packets are not dropped.</summary>
    public Task WaitForOpenAsync(CancellationToken cancellationToken) => _open.WaitAsync(cancellationToken);

    /// <summary>Takes those whose packets are still not dropped after a round, and those of whom that is clear; what is new comes in the next.</summary>
    public IReadOnlyCollection<IPNetwork> TakeLate()
    {
        lock (_lock)
        {
            var late = _late;
            late.UnionWith(_doubted);
            _doubted.Clear();
            (_late, _young) = (_young, []);
            return late;
        }
    }

    /// <summary>Puts changes back that were not made; a newer word on the same network stands.</summary>
    public void PutBack(IEnumerable<FirewallChange> changes)
    {
        lock (_lock)
        {
            foreach (var change in changes)
                _changes.TryAdd(change.Network, change);
            _waiting.Set();
        }
    }

    /// <summary>Takes all changes there are now; may be none.</summary>
    public IReadOnlyList<FirewallChange> Take()
    {
        lock (_lock)
        {
            var taken = _changes;
            _changes = [];
            return [.. taken.Values];
        }
    }

    /// <summary>Wakes the one who waits although there may be no change.</summary>
    public void Wake() => _waiting.Set();

    /// <summary>Ends when the one who waits has been woken and has done what there was to do, or has tried to.</summary>
    public Task NextTurnAsync()
    {
        lock (_lock)
        {
            _turn ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Set();
            return _turn.Task;
        }
    }

    /// <summary>Says that a turn is over.</summary>
    public void EndTurn()
    {
        TaskCompletionSource? turn;
        lock (_lock)
            (turn, _turn) = (_turn, null);
        turn?.SetResult();
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _waiting.WaitAsync(cancellationToken);

    private void Close(IPNetwork network)
    {
        _young.Remove(network);
        _late.Remove(network);
        _doubted.Remove(network);
    }
}
