using System.Net;
using System.Runtime.CompilerServices;
using BlockSmtp.Collections;

namespace BlockSmtp.Sendmail;

/// <summary>
/// Joins offenses, which sendmail logs without the client's address, with what names the client: the live connection of
/// the process, asked at the first offense, or a later line of the same transaction.
/// </summary>
internal sealed class SessionTable
{
    // "connect from" names the client of a process for as long as it lives, but nothing tells when it ends.
    private static readonly long LongestConnect = TimeSpan.FromHours(1).Ticks;

    private readonly AgingTable<SessionKey, Session> _sessions;
    private readonly AgingTable<ProcessKey, (IPAddress Peer, long Time)> _connects;
    private readonly AwaitedProcesses _processes = new();
    private readonly int _capacity;
    private readonly Action<SessionKey>? _onGivenUp;

    /// <param name="capacity">How many transactions are remembered.</param>
    /// <param name="onGivenUp">Is told of each transaction whose offenses wait in vain; null for nobody.</param>
    public SessionTable(int capacity, Action<SessionKey>? onGivenUp = null)
    {
        _capacity = capacity;
        _onGivenUp = onGivenUp;
        _sessions = new(capacity);
        _connects = new(capacity);
    }

    public int Count => _sessions.Count;

    /// <summary>Whether a transaction of the process may be known. No when there is none for certain.</summary>
    public bool MayHave(int processId) => _processes.MayHave(processId);

    /// <summary>The transactions with offenses that wait for their client.</summary>
    public IEnumerable<KeyValuePair<SessionKey, Session>> Waiting => _sessions.OldestFirst.Where(entry => entry.Value.Waiting > 0);

    /// <summary>The transaction of an offense, which becomes known by it.</summary>
    /// <param name="key">The transaction.</param>
    /// <param name="time">When the offense happened.</param>
    /// <param name="lost">How many offenses are given up for want of room.</param>
    public ref Session Touch(in SessionKey key, long time, out int lost)
    {
        var isFull = _sessions.Count == _capacity;
        SessionKey oldest = default;
        if (isFull)
            _sessions.TryPeekOldest(out oldest, out _);
        ref var session = ref _sessions.Touch(key, out var added, out var givenUp);
        lost = givenUp.Waiting;
        if (added)
        {
            (session.Peer, session.Source) = (ConnectedPeer(new ProcessKey(key.ProcessId, key.Host), time), PeerSource.ConnectLine);
            _processes.Add(key.ProcessId);
            if (isFull)
            {
                _processes.Remove(oldest.ProcessId);
                if (lost > 0)
                    _onGivenUp?.Invoke(oldest);
            }
        }

        return ref session;
    }

    /// <summary>The transaction, if an offense has made it known; a null reference else.</summary>
    public ref Session Find(in SessionKey key) => ref _sessions.Find(key);

    public void Remove(in SessionKey key)
    {
        if (_sessions.Remove(key))
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
        var lost = 0;
        while (_sessions.Count > 0 && _sessions.Oldest.LastOffense < before && _sessions.TryPeekOldest(out var key, out var session))
        {
            lost += session.Waiting;
            Remove(key);
            if (session.Waiting > 0)
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
