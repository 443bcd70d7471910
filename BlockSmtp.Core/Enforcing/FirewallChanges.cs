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
    private readonly Signal _waiting = new();
    private Dictionary<IPNetwork, FirewallChange> _changes = [];
    private TaskCompletionSource? _turn;

    public void Add(FirewallChange change)
    {
        lock (_lock)
        {
            _changes[change.Network] = change;
            _waiting.Set();
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
}
