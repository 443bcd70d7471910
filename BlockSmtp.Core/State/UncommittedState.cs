using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Engine;
using BlockSmtp.Grammars;
using BlockSmtp.Transactions;

namespace BlockSmtp.State;

/// <summary>What has changed since the last commit to the store. Belongs to the turn of whoever decides.</summary>
internal sealed class UncommittedState
{
    // The history of so many blocks waits to be committed; of more the oldest are lost, and all that is current is committed.
    private const int MostRecords = 20_000;

    private List<BlockRecord> _records = [];
    private Dictionary<HostKey, IPAddress> _hosts = [];
    private HashSet<TransactionKey> _transactions = [];
    private bool _hasMoved;

    /// <summary>Whether everything is to be committed, not only what has changed.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>How far the log was read.</summary>
    public string? Position { get; private set; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>How soon it is to be committed.</summary>
    public CommitUrgency Urgency =>
        _records.Count > 0 || IsWhole ? CommitUrgency.AtOnce
        : _hosts.Count > 0 || _transactions.Count > 0 ? CommitUrgency.Soon
        : _hasMoved ? CommitUrgency.Later : CommitUrgency.None;

    /// <summary>How many blocks and hosts it is of.</summary>
    public int Count => _records.Count + _hosts.Count;

    /// <summary>What the store has is taken up: unless something was decided before, it need not be written anew.</summary>
    public void OnResuming() => IsWhole &= Version > 0;

    /// <summary>Everything is to be committed.</summary>
    public void Renew() => IsWhole = true;

    /// <summary>A block was made or has ended.</summary>
    public void Add(BlockRecord record)
    {
        if (_records.Count >= MostRecords)
        {
            _records.RemoveRange(0, MostRecords / 2);
            IsWhole = true;
        }

        _records.Add(record);
        Version++;
    }

    /// <summary>What counts of a host has changed.</summary>
    public void Touch(IPAddress host)
    {
        Version++;
        if (!IsWhole)
            _hosts[HostKey.Of(host)] = host;
    }

    /// <summary>What waits in a transaction has changed.</summary>
    public void Touch(in TransactionKey transaction)
    {
        Version++;
        if (!IsWhole)
            _transactions.Add(transaction);
    }

    /// <summary>The log was read up to a place.</summary>
    public void MoveTo(string? position)
    {
        _hasMoved |= position != Position;
        Position = position;
    }

    /// <summary>Hands out what there is, as if it were committed.</summary>
    public (List<BlockRecord> Records, IReadOnlyCollection<IPAddress> Hosts, IReadOnlyCollection<TransactionKey> Transactions) Take()
    {
        var taken = (_records, (IReadOnlyCollection<IPAddress>)_hosts.Values, (IReadOnlyCollection<TransactionKey>)_transactions);
        (_records, _hosts, _transactions, _hasMoved, IsWhole) = ([], [], [], false, false);
        return taken;
    }

    /// <summary>It was not committed: next time everything is.</summary>
    public void PutBack(IReadOnlyList<BlockRecord> records)
    {
        _records.InsertRange(0, records.TakeLast(Math.Max(0, MostRecords - _records.Count)));
        _hosts.Clear();
        _transactions.Clear();
        IsWhole = true;
    }
}
