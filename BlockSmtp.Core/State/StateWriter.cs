using BlockSmtp.Collections;
using BlockSmtp.Diagnostics;
using BlockSmtp.State;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.State;

/// <summary>
/// Commits to the store what has been decided, apart from what decides, and many changes at a time. While the store fails
/// everything goes on from memory; it is tried again, then with the whole state.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private static readonly TimeSpan SoonDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LaterDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    // So that a flood of blocks makes few commits; hardly longer than one takes.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    // What waits for the store takes memory: beyond so many blocks and hosts the log is not read on for a moment.
    private const int MostWaiting = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // The same trouble is told again now and then.
    private static readonly TimeSpan SilenceFor = TimeSpan.FromMinutes(10);

    private readonly IBlockStore _store;
    private readonly IUncommitted _decisions;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WakeUp _due = new();
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private TaskCompletionSource _round = NewRound();
    private long _awaited;
    private long _kept;
    private CommitUrgency _armed;
    private bool _isOpen;
    private bool _isLoaded;
    private bool _isFailing;
    private bool _isSlow;
    private TimeSpan _retry = FirstRetry;
    private string? _toldReason;
    private long _toldAt;

    public StateWriter(IBlockStore store, IUncommitted decisions, TimeProvider time, ILogger logger)
    {
        _store = store;
        _decisions = decisions;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Is called when what an earlier run has left was taken up late, after the store had failed: there may be blocks in it.
    /// </summary>
    public Action? LateLoad { get; set; }

    /// <summary>Takes up what an earlier run has left.</summary>
    /// <returns>How far it had read the log; null when that is not known.</returns>
    /// <exception cref="BlockStoreException">Another engine uses the store.</exception>
    public async Task<string?> LoadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            _isOpen = true;
        try
        {
            return await LoadOnceAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is not BlockStoreException { IsInUse: true }
                && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            OnFailed(e);
            return null;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        OnDecided();
        while (true)
        {
            await _due.WaitAsync(cancellationToken).ConfigureAwait(false);
            await CommitAsync(cancellationToken).ConfigureAwait(false);
            OnDecided();
            await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Something may have been decided: sees to it that it is committed in time.</summary>
    public void OnDecided()
    {
        // Never within our lock: whoever decides may call this in his turn.
        var pending = _decisions.Pending.Urgency;
        lock (_lock)
        {
            var urgency = _awaited > _kept ? CommitUrgency.AtOnce : pending;
            if (_isFailing || urgency <= _armed)
                return;
            _armed = urgency;
            if (urgency == CommitUrgency.AtOnce)
                _due.Set();
            else
                _timer.Change(urgency == CommitUrgency.Soon ? SoonDelay : LaterDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends when all that was decided up to now is kept, or the store fails, or nobody is at work here.</summary>
    public async Task UntilKeptAsync(CancellationToken cancellationToken)
    {
        var version = _decisions.Pending.Version;
        while (RoundFor(version) is { } round)
        {
            OnDecided();
            await round.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits for the store where very much waits for it, as when a long log is caught up with. One that takes too long is not waited for
    /// again before it has kept something.
    /// </summary>
    public void AwaitRoom(CancellationToken cancellationToken)
    {
        var (_, version, count) = _decisions.Pending;
        if (count < MostWaiting || Volatile.Read(ref _isSlow) || RoundFor(version) is not { } round)
            return;
        OnDecided();
        try
        {
            round.WaitAsync(Patience, _time, cancellationToken).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            Volatile.Write(ref _isSlow, true);
        }
    }

    /// <summary>Commits what there is.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _armed = CommitUrgency.None;
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        StateChange? change = null;
        try
        {
            // What the store has, and could not be read before, must not be written over.
            if (!_isLoaded)
            {
                await LoadOnceAsync(cancellationToken).ConfigureAwait(false);
                LateLoad?.Invoke();
            }

            (change, var version) = _decisions.TakeUncommitted();
            await Task.Run(() => _store.CommitAsync(change, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
            OnCommitted(version);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (change is not null)
                _decisions.PutBack(change);
            throw;
        }
#pragma warning disable CA1031 // A store of somebody else's may throw what it likes: blocking goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (change is not null)
                _decisions.PutBack(change);
            OnFailed(e);
        }
    }

    /// <summary>Commits no more: nobody is to wait for it.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isOpen = false;
            EndRound();
        }
    }

    private async Task<string?> LoadOnceAsync(CancellationToken cancellationToken)
    {
        var state = await Task.Run(() => _store.LoadAsync(cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
        _isLoaded = true;
        _decisions.Resume(state);
        if (state.Blocks.Count + state.Offenses.Count + state.Waiting.Count > 0)
            _logger.Resumed(state.Blocks.Count, state.Offenses.Count, state.Waiting.Count);
        return state.LogPosition;
    }

    /// <returns>What ends with the next commit, for which somebody waits now; null where there is nothing to wait for.</returns>
    private Task? RoundFor(long version)
    {
        lock (_lock)
        {
            if (!_isOpen || _isFailing || version <= _kept)
                return null;
            _awaited = Math.Max(_awaited, version);
            return _round.Task;
        }
    }

    private void OnCommitted(long version)
    {
        lock (_lock)
        {
            if (_isFailing)
                _logger.StateKeptAgain();
            (_isFailing, _retry, _toldReason) = (false, FirstRetry, null);
            Volatile.Write(ref _isSlow, false);
            _kept = version;
            EndRound();
        }
    }

    private void OnFailed(Exception failure)
    {
        lock (_lock)
        {
            if (failure.Message != _toldReason || _time.GetElapsedTime(_toldAt) >= SilenceFor)
            {
                _logger.StateNotKept(DurationText.Show(_retry), failure.Message);
                (_toldReason, _toldAt) = (failure.Message, _time.GetTimestamp());
            }

            _isFailing = true;
            _timer.Change(_retry, Timeout.InfiniteTimeSpan);
            _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
            EndRound();
        }
    }

    /// <summary>Whoever waits looks anew. Needs the lock.</summary>
    private void EndRound()
    {
        _round.SetResult();
        _round = NewRound();
    }

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnTimer() => _due.Set();
}
