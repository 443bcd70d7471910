using System.Net;
using BlockSmtp.Collections;

namespace BlockSmtp.Enforcing;

/// <summary>
/// What the firewall is still to be told. The last word on a network counts: one that is blocked and released before the
/// firewall has heard of it comes to a release.
/// </summary>
internal sealed class FirewallChanges
{
    private readonly Lock _lock = new();
    private readonly WakeUp _waiting = new();
    private Dictionary<IPNetwork, FirewallChange> _changes = [];
    private TaskCompletionSource? _turn;
    private bool _isHeld;

    /// <summary>The blocked of whom it is not known that the firewall drops their packets.</summary>
    public OpenBlocks Open { get; } = new();

    public void Add(FirewallChange change)
    {
        // Before it can be carried out: what is dropped is taken out of there.
        if (change.IsBlock)
            Open.Add(change.Network);
        else
            Open.Remove(change.Network);

        lock (_lock)
        {
            _changes[change.Network] = change;
            if (!_isHeld)
                _waiting.Set();
        }
    }

    /// <summary>So many blocks are to come: room for them is made once.</summary>
    public void Expect(int count)
    {
        Open.Expect(count);
        lock (_lock)
            _changes.EnsureCapacity(_changes.Count + count);
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

    /// <summary>
    /// Somebody in a network that has been blocked for more than a moment has offended: whoever looks at the firewall is woken.
    /// </summary>
    public void Doubt(IPNetwork network)
    {
        if (Open.TryDoubt(network))
            _waiting.Set();
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
}
