using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Collections;
using BlockSmtp.Grammars;
using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>
/// Joins offenses, which sendmail logs without the client's address, with what names the client: the live connection of
/// the process, asked at the first offense, or a later line of the same transaction.
/// </summary>
internal sealed class TransactionTable
{
    // "connect from" names the client of a process for as long as it lives, but nothing tells when it ends.
    private static readonly long LongestConnect = TimeSpan.FromHours(1).Ticks;

    private readonly AgingTable<TransactionKey, Transaction> _transactions;
    private readonly AgingTable<ProcessKey, (IPAddress Peer, long Time)> _connects;
    private readonly ProcessFilter _processes = new();
    private readonly int _capacity;
    private readonly Action<TransactionKey>? _onGivenUp;
    private long _givenUpBefore = long.MinValue;

    /// <param name="capacity">How many transactions are remembered.</param>
    /// <param name="onGivenUp">Is told of each transaction whose offenses wait in vain; null for nobody.</param>
    public TransactionTable(int capacity, Action<TransactionKey>? onGivenUp = null)
    {
        _capacity = capacity;
        _onGivenUp = onGivenUp;
        _transactions = new(capacity);
        _connects = new(capacity);
    }

    public int Count => _transactions.Count;

    /// <summary>The processes whose next lines may matter.</summary>
    public ProcessFilter Processes => _processes;

    /// <summary>Whether a transaction of the process may be known. No when there is none for certain.</summary>
    public bool MayHave(int processId) => _processes.MayHave(processId);

    /// <summary>The transactions with offenses that wait for their client.</summary>
    public IEnumerable<KeyValuePair<TransactionKey, Transaction>> Waiting =>
        _transactions.OldestFirst.Where(entry => entry.Value.Waiting > 0);

    /// <summary>The transaction of an offense, which becomes known by it.</summary>
    /// <param name="key">The transaction.</param>
    /// <param name="time">When the offense happened.</param>
    /// <param name="lost">How many offenses are given up for want of room.</param>
    public ref Transaction Touch(in TransactionKey key, long time, out int lost)
    {
        var isFull = _transactions.Count == _capacity;
        TransactionKey oldest = default;
        if (isFull)
            _transactions.TryPeekOldest(out oldest, out _);
        ref var transaction = ref _transactions.Touch(key, out var added, out var givenUp);
        lost = givenUp.Waiting;
        if (added)
        {
            (transaction.Peer, transaction.Source) = (ConnectedPeer(new ProcessKey(key.ProcessId, key.Host), time), PeerSource.ConnectLine);
            _processes.Add(key.ProcessId);
            if (isFull)
            {
                _processes.Remove(oldest.ProcessId);
                if (lost > 0)
                    _onGivenUp?.Invoke(oldest);
            }
        }

        return ref transaction;
    }

    /// <summary>The transaction, if an offense has made it known; a null reference else.</summary>
    public ref Transaction Find(in TransactionKey key) => ref _transactions.Find(key);

    public void Remove(in TransactionKey key)
    {
        if (_transactions.Remove(key))
            _processes.Remove(key.ProcessId);
    }

    /// <summary>A process begins to serve a client.</summary>
    public void Connect(in ProcessKey process, IPAddress peer, long time) =>
        _connects.Touch(process, out _, out _) = (peer, time);

    /// <summary>
    /// The daemon was started: from now on its children may no longer log "connect from", so that an old one would stand
    /// for a new process of the same number.
    /// </summary>
    public void ForgetConnects() => _connects.Clear();

    /// <summary>Takes out what has waited since before a time, or all.</summary>
    /// <returns>How many offenses were given up.</returns>
    public int GiveUp(long before)
    {
        // The stamps of many lines are the same.
        if (before == _givenUpBefore)
            return 0;
        _givenUpBefore = before;
        var lost = 0;
        while (_transactions.Count > 0
            && _transactions.Oldest.LastOffense < before
            && _transactions.TryPeekOldest(out var key, out var transaction))
        {
            lost += transaction.Waiting;
            Remove(key);
            if (transaction.Waiting > 0)
                _onGivenUp?.Invoke(key);
        }

        return lost;
    }

    private IPAddress? ConnectedPeer(in ProcessKey process, long time)
    {
        if (_connects.Count == 0)
            return null;
        ref var connect = ref _connects.Find(process);
        if (Unsafe.IsNullRef(ref connect) || time - connect.Time > LongestConnect)
            return null;
        connect.Time = time;
        return connect.Peer;
    }
}
