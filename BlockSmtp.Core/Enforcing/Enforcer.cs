using System.Net;
using BlockSmtp.Diagnostics;
using BlockSmtp.Engine;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Enforcing;

/// <summary>
/// Brings what was decided into the firewall: all that has come up since the last call in one call. What fails is told,
/// and tried again until it is in place; nothing is lost. Now and then it compares the firewall with what is wanted: who
/// flushed the rules finds them back.
/// </summary>
internal sealed class Enforcer : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // A firewall that works has answered by then; and what is looked at because of a guess is looked at no more often.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Reading back many rules takes a while; it may take so much of the time.
    private const int ShareOfTime = 50;

    // Whatever it takes: a machine that was busy once must not leave the rules unseen for hours.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly IFirewall _firewall;
    private readonly FirewallChanges _changes;
    private readonly OpenBlocks _open;
    private readonly IWantedRules _decisions;
    private readonly TimeSpan _compareInterval;
    private readonly Reaping? _reaping;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private volatile bool _isCompareDue;
    private long _mayCompareAt = long.MinValue;

    /// <param name="firewall">The firewall.</param>
    /// <param name="decisions">What it is to be told.</param>
    /// <param name="compareInterval">How often the firewall is compared with what is wanted; zero for never.</param>
    /// <param name="reaping">Ends the sessions of those whose packets are dropped.</param>
    /// <param name="time">Delays.</param>
    /// <param name="logger">Our own log.</param>
    public Enforcer(
        IFirewall firewall,
        IWantedRules decisions,
        TimeSpan compareInterval,
        Reaping? reaping,
        TimeProvider time,
        ILogger logger)
    {
        _firewall = firewall;
        _decisions = decisions;
        _changes = decisions.Changes;
        _open = _changes.Open;
        _compareInterval = compareInterval;
        _reaping = reaping;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => WakeToCompare(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CompareIn(_compareInterval);
        while (true)
        {
            await _changes.WaitAsync(cancellationToken).ConfigureAwait(false);
            await ApplyAsync(cancellationToken).ConfigureAwait(false);
            _changes.EndTurn();
            if (_open.IsInDoubt)
                HastenComparison();
            if (!_isCompareDue)
                continue;
            _isCompareDue = false;
            _open.TakeDoubt();
            var start = _time.GetTimestamp();
            var agreed = await CompareAsync(cancellationToken).ConfigureAwait(false);
            // What it took to mend them says nothing of what it takes to read the rules.
            var pause = agreed ? _time.GetElapsedTime(start) * ShareOfTime : TimeSpan.Zero;
            pause = pause < LongestPause ? pause : LongestPause;
            // Where the rules are in place, who guesses on makes it cost no more than that share.
            _mayCompareAt = Later(pause > Patience ? pause : Patience);
            CompareIn(pause > _compareInterval ? pause : _compareInterval);
        }
    }

    /// <summary>
    /// Has the sessions ended of those whose packets are not dropped: the firewall fails or hangs, or has lost its rules. Once a second.
    /// </summary>
    public async Task ReapLateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (true)
        {
            await _open.WaitAsync(cancellationToken).ConfigureAwait(false);
            do
            {
                _reaping?.Add(_open.TakeLate());
                await Task.Delay(Patience, _time, cancellationToken).ConfigureAwait(false);
            }
            while (_open.HasAny);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>
    /// The firewall has been set up with the blocks of an earlier run: sessions that it had no time to end are ended now.
    /// </summary>
    public void OnStarted(IReadOnlyCollection<FirewallChange> made) => OnMade(made);

    /// <summary>Tells the firewall what there is to tell.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var batch = _changes.Take();
        if (batch.Count == 0)
            return;
        var start = _time.GetTimestamp();
        try
        {
            await _firewall.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _changes.PutBack(batch);
            throw;
        }
#pragma warning disable CA1031 // A backend of somebody else's may throw what it likes: the block stays wanted.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _changes.PutBack(batch);
            await MendAsync(e.Message, cancellationToken).ConfigureAwait(false);
            return;
        }

        _logger.InForce(batch.Count, (long)_time.GetElapsedTime(start).TotalMilliseconds);
        OnMade(batch);
    }

    /// <summary>Tries until everything that is wanted is in place, whatever state the failure has left.</summary>
    private async Task MendAsync(string failure, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            _logger.FirewallFailed(DelayText(delay), failure);
            _changes.EndTurn();
            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
            var (blocks, overtaken) = _decisions.TakeWanted();
            try
            {
                await _firewall.StartAsync(blocks, cancellationToken).ConfigureAwait(false);
                OnMended(blocks, overtaken);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                _changes.PutBack(overtaken);
                failure = e.Message;
            }
        }
    }

    /// <summary>Compares the firewall with what is wanted, and puts right what somebody else has changed.</summary>
    /// <returns>Whether it was as it should be.</returns>
    private async Task<bool> CompareAsync(CancellationToken cancellationToken)
    {
        var (blocks, overtaken) = _decisions.TakeWanted();
        try
        {
            if (blocks.Count == 0 || await IsAsWantedAsync(blocks, overtaken, cancellationToken).ConfigureAwait(false))
            {
                if (overtaken.Count > 0)
                    _changes.PutBack(overtaken);
                return true;
            }

            await _firewall.StartAsync(blocks, cancellationToken).ConfigureAwait(false);
            OnMended(blocks, overtaken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _changes.PutBack(overtaken);
            throw;
        }
#pragma warning disable CA1031 // A backend of somebody else's may throw what it likes: the block stays wanted.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _changes.PutBack(overtaken);
            await MendAsync(e.Message, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Reads the firewall back. What was decided just now it need not know yet: in a flood there is always something.</summary>
    private async Task<bool> IsAsWantedAsync(
        IReadOnlyCollection<Block> blocks, IReadOnlyList<FirewallChange> overtaken, CancellationToken cancellationToken)
    {
        var actual = await _firewall.ListAsync(cancellationToken).ConfigureAwait(false);
        var differing = Differing(blocks, actual);
        differing.ExceptWith(overtaken.Select(change => change.Network));
        _decisions.LastComparison = new FirewallComparison
        {
            Time = _time.GetUtcNow(),
            Wanted = blocks.Count,
            Actual = actual.Count,
            Agrees = differing.Count == 0,
        };
        if (differing.Count == 0)
            return true;
        _logger.FirewallDiffers(blocks.Count, actual.Count);
        return false;
    }

    /// <summary>What is wanted and is not there, or the other way round.</summary>
    private static HashSet<IPNetwork> Differing(IReadOnlyCollection<Block> wanted, IReadOnlyCollection<IPNetwork> actual)
    {
        var missing = new HashSet<IPNetwork>(wanted.Count);
        foreach (var block in wanted)
            missing.Add(block.Network);
        var unwanted = new HashSet<IPNetwork>();
        foreach (var network in actual)
        {
            if (!missing.Remove(network))
                unwanted.Add(network);
        }

        // Somebody's firewall may name one twice.
        if (unwanted.Count > 0)
            unwanted.ExceptWith(wanted.Select(block => block.Network));
        missing.UnionWith(unwanted);
        return missing;
    }

    private void CompareIn(TimeSpan delay)
    {
        if (_compareInterval > TimeSpan.Zero)
            _timer.Change(delay < LongestTimer.Time ? delay : LongestTimer.Time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks at the firewall as soon as it may be looked at.</summary>
    private void HastenComparison()
    {
        var now = _time.GetTimestamp();
        if (now >= _mayCompareAt)
            _isCompareDue = true;
        else
            _timer.Change(_time.GetElapsedTime(now, _mayCompareAt) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private long Later(TimeSpan delay) => _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);

    private void WakeToCompare()
    {
        _isCompareDue = true;
        _changes.Wake();
    }

    private static string DelayText(TimeSpan delay) => FormattableString.Invariant($"{delay.TotalSeconds:0.#} s");

    /// <summary>The firewall drops what was to be dropped.</summary>
    private void OnMade(IReadOnlyCollection<FirewallChange> made)
    {
        IPNetwork[] blocked = [.. made.Where(change => change.IsBlock).Select(change => change.Network)];
        _open.OnDropped(blocked);
        _reaping?.Add(blocked);
    }

    /// <summary>The firewall drops all that is to be dropped, after it did not.</summary>
    private void OnMended(IReadOnlyCollection<Block> blocks, IReadOnlyList<FirewallChange> overtaken)
    {
        _decisions.OnRepaired();
        _logger.FirewallMended(blocks.Count);
        _reaping?.Add(_open.OnDropped([.. blocks.Select(block => block.Network)]));
        OnMade(overtaken);
    }
}
