using System.Net;
using BlockSmtp.Detection;
using BlockSmtp.Diagnostics;
using BlockSmtp.Sendmail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp;

/// <summary>
/// Follows a log, finds the hosts that guess user names and has them blocked while they are still guessing. Wires an
/// <see cref="ILogSource"/>, an <see cref="IOffenderPolicy"/>, an <see cref="IFirewall"/> and an <see cref="IProcessReaper"/>.
/// </summary>
/// <remarks>
/// Everything that decides runs in turn, one after the other, on the thread that has read the line: nothing lies in a
/// queue between a line and its verdict. Members may be called from any thread.
/// </remarks>
public sealed class DetectionEngine
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1.5);

    // The wall clock may be set forward meanwhile, and a block's end come earlier than a timer knows.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private readonly ILogSource _source;
    private readonly MeteredFirewall _firewall;
    private readonly DetectionEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FirewallChanges _changes = new();
    private readonly EngineMetrics _metrics;
    private readonly LivePeers? _live;
    private readonly EngineOutput _output;
    private readonly Judgement _judgement;
    private readonly SyslogLineParser _lines;
    private readonly Detector _detector;
    private readonly IProcessReaper? _reaper;
    private bool _warnedOfHosts;
    private int _running;

    /// <summary>Makes an engine. Nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="source">The log.</param>
    /// <param name="policy">Decides which offenses are too many.</param>
    /// <param name="firewall">Drops the packets of the blocked.</param>
    /// <param name="reaper">Ends sessions; null leaves them alone.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <param name="timeProvider">The clock; null for the machine's.</param>
    /// <param name="logger">Our own log; null for none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public DetectionEngine(
        ILogSource source,
        IOffenderPolicy policy,
        IFirewall firewall,
        IProcessReaper? reaper = null,
        DetectionEngineOptions? options = null,
        TimeProvider? timeProvider = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(firewall);
        _source = source;
        _reaper = reaper;
        _options = options ?? new DetectionEngineOptions();
        _options.Validate();
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _metrics = new EngineMetrics(_time);
        _firewall = new MeteredFirewall(firewall, _metrics);
        _output = new EngineOutput(_options.Observer, _changes, _logger, _metrics);
        _judgement = new Judgement(policy, _options, _output);
        _lines = new SyslogLineParser(_options.SyslogHost, _options.SyslogNames);
        var clock = new ArrivalClock(_time);
        _live = _options.PeerLookup is { } lookup ? new LivePeers(lookup, _lines, clock, _time) : null;
        _detector = new Detector(_options, _lines, clock, _live, _judgement);
    }

    /// <summary>What has been counted so far.</summary>
    public EngineCounters Counters
    {
        get
        {
            lock (_turn)
                return _detector.Counters;
        }
    }

    /// <summary>What is blocked now, in any order.</summary>
    public IReadOnlyList<Block> Blocks
    {
        get
        {
            lock (_turn)
                return [.. _judgement.Blocks.All];
        }
    }

    /// <summary>
    /// Sets up the firewall and follows the log until it ends or <paramref name="cancellationToken"/> is cancelled, then
    /// takes the rules away again (<see cref="DetectionEngineOptions.KeepRules"/>).
    /// </summary>
    /// <param name="cancellationToken">Stops the engine in an orderly way: the task ends without an exception, within two seconds.</param>
    /// <returns>A task that ends when everything is put away.</returns>
    /// <exception cref="FirewallException">The firewall could not be set up.</exception>
    /// <exception cref="IOException">The log cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The log may not be read.</exception>
    /// <exception cref="InvalidOperationException">The engine runs already, or has run.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException("An engine runs once.");
        using var instruments = new EngineInstruments(_options.MeterFactory, _metrics, Figures);
        _metrics.Instruments = instruments;
        try
        {
            await _firewall.StartAsync([], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or FirewallException { Failure: FirewallFailure.Failed })
        {
            // Half of it may be in place.
            using var deadline = new CancellationTokenSource(StopTime, _time);
            await ClearFirewallAsync(deadline.Token).ConfigureAwait(false);
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
                return;
            throw;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reaping = _reaper is null ? null : new Reaping(_reaper, _options.MaxCmdRead, _time, IsBlocked, OnSessionEnded, _logger);
        using var enforcer = new Enforcer(_firewall, _changes, TakeWanted, _options.CompareInterval, reaping, _time, _logger);
        using var expiry = new ExpiryTimer(_time, LongestSleep, Tick);
        List<Task> work = [Enforce(enforcer, stop.Token)];
        if (reaping is not null)
            work.Add(reaping.RunAsync(stop.Token));
        _logger.Ready(0, _options.WhiteList.Count);
        try
        {
            var reading = Task.Factory.StartNew(() => ReadLog(expiry, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            // Neither of the others ends but by the token or a defect.
            work.Add(reading);
            await (await Task.WhenAny(work).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await PutAwayAsync(work, enforcer, cancellationToken.IsCancellationRequested).ConfigureAwait(false);
        }
    }

    /// <summary>Takes another white-list. Whom it trusts is released at once.</summary>
    /// <param name="whiteList">The trusted networks.</param>
    public void UpdateWhiteList(WhiteList whiteList)
    {
        ArgumentNullException.ThrowIfNull(whiteList);
        lock (_turn)
            _judgement.Trust(whiteList, _time.GetUtcNow());
        _logger.WhiteListReplaced(whiteList.Count);
    }

    /// <summary>Releases a host or network before its time.</summary>
    /// <param name="network">What <see cref="Block.Network"/> says.</param>
    /// <returns>False when it is not blocked.</returns>
    public bool Release(IPNetwork network)
    {
        lock (_turn)
            return _judgement.TryRelease(network, _time.GetUtcNow());
    }

    private EngineFigures Figures()
    {
        lock (_turn)
            return new(_detector.Counters, _judgement.Blocks.Count, _detector.Sessions, _live?.Outcomes ?? new long[Enum.GetValues<PeerLookupOutcome>().Length]);
    }

    private static async Task Enforce(Enforcer enforcer, CancellationToken cancellationToken)
    {
        // Not on the caller's thread: RunAsync has more to start.
        await Task.Yield();
        await enforcer.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the log to its end, on a thread that may wait.</summary>
    private void ReadLog(ExpiryTimer expiry, CancellationToken cancellationToken)
    {
        var chunks = _source.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (Wait(chunks.MoveNextAsync()))
            {
                _metrics.OnRead();
                lock (_turn)
                {
                    _judgement.Tick(_time.GetUtcNow());
                    _detector.Read(chunks.Current);
                    expiry.Arm(_judgement.Blocks.NextEnd);
                    WarnOfHosts();
                }
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

    private DateTimeOffset? Tick()
    {
        lock (_turn)
        {
            _judgement.Tick(_time.GetUtcNow());
            return _judgement.Blocks.NextEnd;
        }
    }

    /// <summary>Everything that is to be blocked, with the changes that this makes needless to tell one by one.</summary>
    private (IReadOnlyCollection<Block> Blocks, IReadOnlyList<FirewallChange> Changes) TakeWanted()
    {
        lock (_turn)
            return ([.. _judgement.Blocks.All], _changes.Take());
    }

    private bool IsBlocked(IPNetwork network)
    {
        lock (_turn)
            return _judgement.Blocks.TryGet(network, out _);
    }

    private void OnSessionEnded(EndedSession session)
    {
        lock (_turn)
            _output.OnSessionEnded(session);
    }

    private void WarnOfHosts()
    {
        if (_warnedOfHosts || _lines.HostCount < 2 || _options.PeerLookup is null)
            return;
        _warnedOfHosts = true;
        _logger.SeveralHosts(_lines.HostCount);
    }

    private async Task ClearFirewallAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _firewall.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FirewallException or OperationCanceledException)
        {
            _logger.FirewallLeft(e is FirewallException ? e.Message : "it took too long");
        }
    }

    private async Task PutAwayAsync(List<Task> work, Enforcer enforcer, bool cancelled)
    {
        using var deadline = new CancellationTokenSource(StopTime, _time);
        await Task.WhenAll(work).WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (!cancelled || _options.KeepRules)
                await enforcer.ApplyAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _logger.FirewallLeft("it took too long");
        }

        if (!_options.KeepRules)
            await ClearFirewallAsync(deadline.Token).ConfigureAwait(false);
        lock (_turn)
            _detector.End();
        var counters = Counters;
        _logger.Stopped(counters.Lines, counters.Blocks);
    }
}
