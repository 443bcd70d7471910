using System.Net;
using BlockSmtp.Collections;
using BlockSmtp.Diagnostics;
using BlockSmtp.State;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Enforcing;

/// <summary>
/// Has the sessions of blocked hosts ended, and now and then those that are stuck or stall. One after the other: a stubborn session
/// takes its reaper a second, and the firewall must not wait for that.
/// </summary>
internal sealed class Reaping : IDisposable
{
    // A connection that the daemon was just accepting when the scan went by is caught by a second one.
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    private readonly IProcessReaper _reaper;
    private readonly StateWriter? _state;
    private readonly TimeSpan _maxCmdRead;
    private readonly TimeSpan _maxStall;
    private readonly TimeProvider _time;
    private readonly Func<IPNetwork, bool> _isBlocked;
    private readonly Action<EndedSession> _ended;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly WakeUp _dropped = new();
    private readonly WakeUp _waiting = new();
    private readonly ITimer _timer;
    private HashSet<IPNetwork> _unrecorded = [];
    private HashSet<IPNetwork> _peers = [];
    private HashSet<IPNetwork> _again = [];
    private long _againAt;
    private long _stuckAt;
    private long _stalledAt;

    /// <param name="reaper">Ends sessions.</param>
    /// <param name="state">Keeps the record of the blocks; null for nobody.</param>
    /// <param name="maxCmdRead">How long a session may be stuck; zero for as long as it likes.</param>
    /// <param name="maxStall">How long a client may send next to nothing; zero for as long as it likes.</param>
    /// <param name="time">When to look.</param>
    /// <param name="isBlocked">Whether a host is blocked still: one that was released has its sessions for itself.</param>
    /// <param name="ended">Told of each session that was ended.</param>
    /// <param name="logger">Our own log.</param>
    public Reaping(
        IProcessReaper reaper,
        StateWriter? state,
        TimeSpan maxCmdRead,
        TimeSpan maxStall,
        TimeProvider time,
        Func<IPNetwork, bool> isBlocked,
        Action<EndedSession> ended,
        ILogger logger)
    {
        _reaper = reaper;
        _state = state;
        _maxCmdRead = maxCmdRead;
        _maxStall = maxStall;
        _time = time;
        _isBlocked = isBlocked;
        _ended = ended;
        _logger = logger;
        _timer = time.CreateTimer(_ => _waiting.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The firewall has done for these what it can: their sessions are to end, once the record of their blocks is kept.</summary>
    public void Add(IReadOnlyCollection<IPNetwork> peers)
    {
        if (peers.Count == 0)
            return;
        lock (_lock)
        {
            // Of a start with many, room is made for all of them at once.
            if (_unrecorded.Count == 0)
                _unrecorded = [.. peers];
            else
                _unrecorded.UnionWith(peers);
        }

        _dropped.Set();
    }

    /// <summary>
    /// Waits for the record of the blocks: a session that is ended logs no more, so after a crash nothing could tell any more who it was.
    /// Apart from what ends the sessions, since those that are stuck need no record, and a store may take its time.
    /// </summary>
    public async Task AwaitRecordsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _dropped.WaitAsync(cancellationToken).ConfigureAwait(false);
            await AwaitRecordAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _stuckAt = NextLook(_maxCmdRead);
        _stalledAt = NextLook(_maxStall);
        _againAt = long.MaxValue;
        while (true)
        {
            Arm();
            await _waiting.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await WorkAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // Ending sessions is the lesser half: their packets are dropped anyway.
                _logger.ReapingFailed(e.Message);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task AwaitRecordAsync(CancellationToken cancellationToken)
    {
        HashSet<IPNetwork> peers;
        lock (_lock)
            (peers, _unrecorded) = (_unrecorded, []);
        if (_state is not null)
            await _state.UntilKeptAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_peers.Count == 0)
                _peers = peers;
            else
                _peers.UnionWith(peers);
        }

        _waiting.Set();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var peers = Take();
        peers.RemoveWhere(peer => !_isBlocked(peer));
        if (peers.Count > 0)
            Tell(await _reaper.EndSessionsAsync(peers, cancellationToken).ConfigureAwait(false));
        if (_time.GetTimestamp() >= _stuckAt)
        {
            _stuckAt = NextLook(_maxCmdRead);
            Tell(await _reaper.EndStuckSessionsAsync(_maxCmdRead, cancellationToken).ConfigureAwait(false));
        }

        if (_time.GetTimestamp() >= _stalledAt)
        {
            _stalledAt = NextLook(_maxStall);
            Tell(await _reaper.EndStalledSessionsAsync(_maxStall, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>When to look for those that have waited so long; never where they may wait.</summary>
    private long NextLook(TimeSpan max)
    {
        if (max <= TimeSpan.Zero)
            return long.MaxValue;
        var interval = max / 4;
        return Later(interval < ShortestInterval ? ShortestInterval : interval > LongestInterval ? LongestInterval : interval);
    }

    /// <summary>The hosts whose sessions are to be ended now: the new ones, and those whose time for a second look has come.</summary>
    private HashSet<IPNetwork> Take()
    {
        lock (_lock)
        {
            var peers = _peers;
            _peers = [];
            var fresh = peers.ToArray();
            if (_time.GetTimestamp() >= _againAt)
            {
                peers.UnionWith(_again);
                _again = [];
                _againAt = long.MaxValue;
            }

            if (fresh.Length > 0)
            {
                _again.UnionWith(fresh);
                _againAt = Math.Min(_againAt, Later(SecondLook));
            }

            return peers;
        }
    }

    private void Tell(IReadOnlyList<EndedSession> sessions)
    {
        foreach (var session in sessions)
            _ended(session);
    }

    private long Later(TimeSpan delay) => _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    private void Arm()
    {
        var next = Math.Min(Math.Min(_stuckAt, _stalledAt), _againAt);
        var delay = next == long.MaxValue ? Timeout.InfiniteTimeSpan : _time.GetElapsedTime(_time.GetTimestamp(), next);
        if (next != long.MaxValue && delay < TimeSpan.FromMilliseconds(1))
            delay = TimeSpan.FromMilliseconds(1);
        _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }
}
