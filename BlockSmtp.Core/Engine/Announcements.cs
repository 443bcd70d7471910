using BlockSmtp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>
/// Tells an observer what was decided: in order, one thing at a time, and never within the turn of whoever decides, so that the observer
/// may ask the engine for anything and wait for it, from whatever thread.
/// </summary>
internal sealed class Announcements(IEngineObserver? observer, ILogger logger)
{
    // Of an observer that is slower than the log, the thread that reads waits for it. Whoever else brings more than this goes
    // untold, but for blocks and releases.
    private const int MostWaiting = 1024;
    private const int MostOffenses = 65_536;

    private readonly object _lock = new();
    private readonly Queue<(Offense Offense, Action<IEngineObserver>? Rare)> _waiting = new();
    private bool _isTelling;
    private bool _hasToldOfLoss;

    /// <summary>Notes an offense; it is told after the turn.</summary>
    public void Add(in Offense offense)
    {
        if (observer is null)
            return;
        lock (_lock)
        {
            if (_waiting.Count < MostOffenses)
            {
                _waiting.Enqueue((offense, null));
                return;
            }

            if (_hasToldOfLoss)
                return;
            _hasToldOfLoss = true;
        }

        logger.ObserverTooSlow(observer.GetType().Name, MostOffenses);
    }

    /// <summary>Notes something else.</summary>
    public void Add(Action<IEngineObserver> what)
    {
        if (observer is null)
            return;
        lock (_lock)
            _waiting.Enqueue((default, what));
    }

    /// <summary>Tells all there is to tell, unless somebody is at it: then he goes on.</summary>
    public void Tell()
    {
        if (observer is null)
            return;
        lock (_lock)
        {
            if (_isTelling || _waiting.Count == 0)
                return;
            _isTelling = true;
        }

        while (TryTake(out var offense, out var rare))
            Tell(observer, offense, rare);
    }

    /// <summary>
    /// Waits while much is waiting to be told by another thread. For the thread that reads the log, which nobody
    /// who is told can be waiting for.
    /// </summary>
    public void WaitWhileMany()
    {
        if (observer is null)
            return;
        lock (_lock)
        {
            while (_isTelling && _waiting.Count > MostWaiting)
                Monitor.Wait(_lock);
        }
    }

    /// <summary>Ends when all is told that has been noted by now.</summary>
    public Task ToldAsync()
    {
        if (observer is null)
            return Task.CompletedTask;
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(_ => told.TrySetResult());
        Tell();
        return told.Task;
    }

    private bool TryTake(out Offense offense, out Action<IEngineObserver>? rare)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var next))
            {
                (offense, rare) = next;
                if (_waiting.Count == MostWaiting)
                    Monitor.PulseAll(_lock);
                return true;
            }

            _isTelling = false;
            Monitor.PulseAll(_lock);
        }

        (offense, rare) = (default, null);
        return false;
    }

    private void Tell(IEngineObserver to, in Offense offense, Action<IEngineObserver>? rare)
    {
        try
        {
            if (rare is not null)
                rare(to);
            else if (to.WantsOffenses)
                to.OnOffense(offense);
        }
#pragma warning disable CA1031 // Whatever an observer throws, blocking goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ObserverFailed(to.GetType().Name, e);
        }
    }
}
