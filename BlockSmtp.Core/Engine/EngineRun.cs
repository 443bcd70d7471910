using BlockSmtp.Diagnostics;
using BlockSmtp.Enforcing;
using BlockSmtp.Sharing;
using BlockSmtp.State;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>The life of an engine: sets everything up, keeps it going until the log or somebody ends it, and puts it away.</summary>
internal sealed class EngineRun(
    Decisions decisions,
    ILogSource source,
    IFirewall firewall,
    IProcessReaper? reaper,
    DetectionEngineOptions options,
    EngineMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1.5);

    // The wall clock may be set forward meanwhile, and a block's end come earlier than a timer knows.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly StateWriter? _state = options.Store is { } store ? new StateWriter(store, decisions, time, logger) : null;
    private readonly LineRate _rate = new(time);
    private DateTimeOffset? _startedAt;
    private ExpiryTimer? _expiry;

    /// <summary>What is known of the run.</summary>
    public EngineStatus Status => new() { StartedAt = _startedAt, LastRead = metrics.LastRead, LinesPerSecond = _rate.PerSecond };

    /// <inheritdoc cref="DetectionEngine.RunAsync"/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _startedAt = time.GetUtcNow();
        using var instruments = new EngineInstruments(options.MeterFactory, options.Name, metrics, () => decisions.Figures);
        metrics.Instruments = instruments;
        using var state = _state;
        if (options.LineFile is { } file && decisions.InHand.TryOpen(file) is { } problem)
            logger.LineNotNoted(problem);
        using var inHand = decisions.InHand;
        if (_state is not null && !await TryResumeAsync(_state, cancellationToken).ConfigureAwait(false))
            return;
        using var reaping = reaper is null
            ? null
            : new Reaping(
                reaper, _state, options.MaxCmdRead, options.MaxStall, time, decisions.IsBlocked, decisions.OnSessionEnded, logger);
        using var enforcer = new Enforcer(firewall, decisions, options.CompareInterval, reaping, time, logger);
        if (await StartFirewallAsync(enforcer, cancellationToken).ConfigureAwait(false) is not { } count)
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var expiry = new ExpiryTimer(time, LongestSleep, Tick);
        _expiry = expiry;
        _state?.LateLoad = () => expiry.Arm(decisions.Tick());
        expiry.Arm(decisions.Tick());
        var enforcing = Enforce(enforcer, stop.Token);
        List<Task> work = [enforcing];
        if (reaping is not null)
            work.AddRange([reaping.RunAsync(stop.Token), reaping.AwaitRecordsAsync(stop.Token), enforcer.ReapLateAsync(stop.Token)]);
        if (_state is not null)
            work.Add(_state.RunAsync(stop.Token));
        if (options.Fleet is { } fleet)
            work.Add(new FleetEar(fleet, TakeAsync, time, logger).RunAsync(stop.Token));
        logger.Ready(count, options.WhiteList.Count);
        var hasFailed = true;
        try
        {
            var reading = Task.Factory.StartNew(
                () => ReadLog(expiry, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            // Neither of the others ends but by the token or a defect.
            work.Add(reading);
            await (await Task.WhenAny(work).ConfigureAwait(false)).ConfigureAwait(false);
            hasFailed = false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            var isAsked = cancellationToken.IsCancellationRequested;
            await PutAwayAsync(enforcing, work, enforcer, isAsked, hasFailed && !isAsked).ConfigureAwait(false);
        }
    }

    /// <summary>Something was decided from outside, by no line of the log.</summary>
    public void OnDecided()
    {
        _expiry?.Arm(decisions.Tick());
        _state?.OnDecided();
    }

    /// <summary>
    /// Waits until what was decided up to now outlasts the end of this process, or there is no store that could see to it.
    /// </summary>
    public async Task UntilKeptAsync(CancellationToken cancellationToken)
    {
        OnDecided();
        if (_state is not null)
            await _state.UntilKeptAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Other hosts of the fleet have said something.</summary>
    private async Task TakeAsync(IReadOnlyList<FleetWord> words, CancellationToken cancellationToken)
    {
        decisions.Take(words);
        await UntilKeptAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task Enforce(Enforcer enforcer, CancellationToken cancellationToken)
    {
        // Not on the caller's thread: there is more to start.
        await Task.Yield();
        await enforcer.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes up what an earlier run has left. False when it was cancelled meanwhile.</summary>
    private async Task<bool> TryResumeAsync(StateWriter state, CancellationToken cancellationToken)
    {
        try
        {
            await ResumeAsync(state, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Takes up what an earlier run has left, and has the log go on where it has left off.</summary>
    private async Task ResumeAsync(StateWriter state, CancellationToken cancellationToken)
    {
        // Who is to stop does not wait for a store that does not heed it.
        var position = await state.LoadAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (source is not IResumableLogSource resumable)
            return;
        if (position is not null)
            resumable.ResumeFrom(position);
        decisions.BeginAt(resumable.Position);
        // Else a crash before the first commit would have the next run begin at the end of the log.
        if (position is null)
            await state.CommitAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private DateTimeOffset? Tick()
    {
        var next = decisions.Tick();
        _state?.OnDecided();
        return next;
    }

    /// <summary>
    /// Sets the firewall up. What it takes for many blocks is kept no longer than that. One that fails is left as it is: what an earlier
    /// run has left in force when it crashed guards the server until a start succeeds.
    /// </summary>
    /// <returns>How many are blocked; null when it was cancelled meanwhile; one that does not heed that is not waited for.</returns>
    private async Task<int?> StartFirewallAsync(Enforcer enforcer, CancellationToken cancellationToken)
    {
        var (blocks, resumed) = decisions.TakeWanted();
        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var asked = cancellationToken.Register(() => deadline.CancelAfter(StopTime));
        var starting = firewall.StartAsync(blocks, cancellationToken).AsTask();
        try
        {
            await starting.WaitAsync(deadline.Token).ConfigureAwait(false);
            enforcer.OnStarted(resumed);
            return blocks.Count;
        }
        catch (OperationCanceledException) when (!starting.IsCompleted)
        {
            logger.FirewallLeft("it took too long");
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Half of it may be in place.
            await ClearFirewallAsync(deadline.Token).ConfigureAwait(false);
            return null;
        }
        catch (FirewallException e) when (e.Failure == FirewallFailure.Failed)
        {
            logger.RulesStay();
            throw;
        }
    }

    /// <summary>Reads the log to its end, on a thread that may wait.</summary>
    private void ReadLog(ExpiryTimer expiry, CancellationToken cancellationToken)
    {
        var resumable = _state is null ? null : source as IResumableLogSource;
        var chunks = source.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (Wait(chunks.MoveNextAsync()))
            {
                metrics.OnRead();
                expiry.Arm(decisions.Read(chunks.Current, resumable?.Position));
                _state?.OnDecided();
                _state?.AwaitRoom(cancellationToken);
                _rate.Add(chunks.Current.Lines.Span.Count((byte)'\n'));
            }
        }
        finally
        {
            var disposing = chunks.DisposeAsync();
            if (!disposing.IsCompletedSuccessfully)
                disposing.AsTask().GetAwaiter().GetResult();
        }
    }

    private static bool Wait(ValueTask<bool> next) => next.IsCompletedSuccessfully ? next.Result : next.AsTask().GetAwaiter().GetResult();

    private async Task ClearFirewallAsync(CancellationToken cancellationToken)
    {
        try
        {
            await firewall.StopAsync(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FirewallException or OperationCanceledException)
        {
            logger.FirewallLeft(e is FirewallException ? e.Message : "it took too long");
        }
    }

    /// <summary>Ends everything. After a failure the rules stay: a crash must let nobody in.</summary>
    private async Task PutAwayAsync(Task enforcing, List<Task> work, Enforcer enforcer, bool cancelled, bool failed)
    {
        using var deadline = new CancellationTokenSource(StopTime, time);
        await enforcing.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var ended = Task.WhenAll(work);
        // A store or a log that takes its time must not cost the time in which everybody is released.
        using (var patience = new CancellationTokenSource(StopTime / 3, time))
            await ended.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (!cancelled || options.KeepRules)
                await enforcer.ApplyAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.FirewallLeft("it took too long");
        }

        if (failed && !options.KeepRules && decisions.Blocks.Count > 0)
            logger.RulesStay();
        else if (!options.KeepRules)
            await ClearFirewallAsync(deadline.Token).ConfigureAwait(false);
        await ended.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_state is not null && ended.IsCompleted)
            await _state.CommitAsync(deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        decisions.End();
        var counters = decisions.Counters;
        logger.Stopped(counters.Lines, counters.Blocks);
    }
}
