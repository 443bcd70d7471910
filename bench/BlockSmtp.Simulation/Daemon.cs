using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Simulation;

/// <summary>One life of the daemon, and what it has told.</summary>
internal sealed class Daemon : IEngineObserver, ILogger, IDisposable
{
    private const int ReadyEvent = 1000;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // A store that has failed is tried again after half a minute at the latest.
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(35);

    private readonly Machine _machine;
    private readonly Hosts _hosts;
    private readonly Process _process = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SimulatedTime.OfProcess _time;
    private readonly Task _run;
    private IPAddress? _expected;

    public Daemon(Machine machine, Hosts hosts, int mostBlocks)
    {
        _machine = machine;
        _hosts = hosts;
        _time = new SimulatedTime.OfProcess(machine.Time);
        Lines = new SimulatedLog(machine.Log);
        StartedAt = machine.Time.Up;
        var options = new DetectionEngineOptions
        {
            Observer = this,
            Store = new SimulatedStore(_process, machine.Store, machine.Disk, () => Ledger, OnLoaded),
            PeerLookup = machine.Lookup,
            KeepRecipients = true,
            KeepOffenses = Rule.Window,
            WhiteList = hosts.WhiteList,
            MaxBlocks = mostBlocks,
            MaxTransactions = 2_000,
        };
        Engine = new DetectionEngine(
            Lines, Rule.NewPolicy(), new SimulatedFirewall(_process, machine.Firewall, machine.Rules),
            new SimulatedReaper(_process, machine.Reaper, machine.Server, OnEnding),
            options, _time, this);
        _run = Engine.RunAsync(_stop.Token);
    }

    public DetectionEngine Engine { get; }

    public SimulatedLog Lines { get; }

    public Ledger Ledger { get; } = new();

    public TimeSpan StartedAt { get; }

    /// <summary>When it was ready, up time; null before that.</summary>
    public TimeSpan? ReadyAt { get; private set; }

    public bool IsStopping => _stop.IsCancellationRequested;

    public bool IsOver => _run.IsCompleted;

    /// <summary>Why it has ended by itself; null if it has not.</summary>
    public Exception? Failure => _run.Exception?.InnerException;

    /// <summary>The first thing it has done that must never happen.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Blocked hosts that guess although their packets should be dropped, since when, up time.</summary>
    public Dictionary<IPAddress, TimeSpan> Doubted { get; } = [];

    public void Stop() => _stop.Cancel();

    public void Die(bool isCrash) => _process.Die(isCrash);

    /// <summary>Nothing of it is to wait for ever.</summary>
    public bool TryBury() => _machine.Time.TryBury(_time);

    public void Check()
    {
        if (_expected is { } host)
            Fail($"{host} is not blocked after {Rule.MaxOffenses + 1} guesses that count");
    }

    public void OnOffense(in Offense offense)
    {
        Check();
        var peer = offense.Peer;
        _machine.Trace.Add($"offense of {peer} at {offense.Time:HH:mm:ss.fff}: {offense.Recipient}");
        if (offense.Recipient is not { } name || !TryReadName(name, out var number))
        {
            Fail($"an offense of {peer} that nobody has made: {offense.Recipient}");
            return;
        }

        if (!_machine.Server.Guesses[number].Peer.Equals(peer))
            Fail($"guess {number} of {_machine.Server.Guesses[number].Peer} counts against {peer}");
        if (!Ledger.Told.Add(number))
            Fail($"guess {number} of {peer} counts twice");
        if (Hosts.IsTrusted(peer))
            return;
        if (Engine.Blocks.FirstOrDefault(one => one.Network.Equals(Rules.Network(peer))) is { } block && Ledger.Blocked.Contains(peer))
            OnGuessWhileBlocked(peer, offense.Time, block);
        else if (!Ledger.Blocked.Contains(peer) && Ledger.Count(peer, offense.Time) && !IsUnclear(peer))
            _expected = peer;
    }

    public void OnBlocked(Block block)
    {
        var host = block.Network.BaseAddress;
        _machine.LastDecision = _machine.Time.Up;
        _machine.Trace.Add($"blocked {host} until {block.Until:HH:mm:ss.fff}: {block.Origin}");
        if (Hosts.IsTrusted(host))
            Fail($"{host} is blocked and trusted");
        if (!Ledger.Blocked.Add(host))
            Fail($"{host} is blocked twice");
        Condemn(host);
        if (block.Origin != BlockOrigin.Policy)
            return;
        if (!IsUnclear(host) && !host.Equals(_expected))
            Fail($"{host} is blocked after {Ledger.Counted.GetValueOrDefault(host)?.Count ?? 0} guesses that count");
        if (host.Equals(_expected))
            _expected = null;
        Ledger.Forget(host);
    }

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        // For want of room one goes for another.
        if (reason != ReleaseReason.Crowded)
            Check();
        var host = block.Network.BaseAddress;
        _machine.LastDecision = _machine.Time.Up;
        _machine.Trace.Add($"released {host}: {reason}");
        if (!Ledger.Blocked.Remove(host))
            Fail($"{host} is released and was not blocked");
        if (reason == ReleaseReason.Expired && _machine.Time.GetUtcNow() < block.Until)
            Fail($"{host} is released before its time");
        Doubted.Remove(host);
        foreach (var session in _machine.Server.Sessions.Where(session => session.Peer.Equals(host)))
            session.CondemnedAt = null;
    }

    /// <summary>Whether it cannot be said exactly what counts of a host.</summary>
    public bool IsUnclear(IPAddress host) => Ledger.Unclear.Contains(host) || _hosts.MayBeForgotten(host);

    /// <summary>Its sessions are to be ended.</summary>
    public void Condemn(IPAddress host)
    {
        foreach (var session in _machine.Server.Sessions.Where(session => session.Peer.Equals(host)))
            session.CondemnedAt ??= _machine.Time.Up;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == ReadyEvent)
            ReadyAt = _machine.Time.Up;
        _machine.Trace.Add($"log: {eventId.Id}: {formatter(state, exception)}");
    }

    public void Dispose()
    {
        Lines.Dispose();
        _stop.Dispose();
        _process.Dispose();
    }

    public void Fail(string what)
    {
        _machine.Trace.Add($"WRONG: {what}");
        Wrong ??= what;
    }

    private void OnLoaded(Ledger kept, StoredState state)
    {
        var now = _machine.Time.GetUtcNow();
        if (!kept.Blocked.SetEquals(state.Blocks.Select(block => block.Network.BaseAddress)))
            Fail("the store has other blocks than there were");
        Ledger.Take(
            kept, [.. state.Blocks.Where(block => block.Until > now).Select(block => block.Network.BaseAddress)], now - Rule.Window);
    }

    /// <summary>A session that is ended logs no more: after a crash nothing but what is kept could tell whose it was.</summary>
    private void OnEnding(IReadOnlyCollection<IPNetwork> peers)
    {
        if (_machine.Store.HealthyFor < RetryTime)
            return;
        var kept = _machine.Disk.Read().Blocks.Select(block => block.Network).ToHashSet();
        foreach (var peer in peers.Where(peer => !kept.Contains(peer)))
            Fail($"sessions of {peer} are ended before it is kept that it is blocked");
    }

    private void OnGuessWhileBlocked(IPAddress peer, DateTimeOffset time, Block block)
    {
        if (time < block.Since + Moment)
            return;
        if (!_machine.Rules.Drop(peer))
            Doubted.TryAdd(peer, _machine.Time.Up);
        Condemn(peer);
    }

    private static bool TryReadName(string name, out int number)
    {
        number = 0;
        var digits = name.TrimStart('<', 'u').Split('@')[0];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
