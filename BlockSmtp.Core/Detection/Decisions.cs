using System.Net;
using BlockSmtp.Diagnostics;
using BlockSmtp.Sendmail;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Detection;

/// <summary>
/// Everything that decides, one thing after the other: whoever wants something of it, from whatever thread, takes his turn.
/// </summary>
internal sealed class Decisions
{
    private readonly Lock _turn = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EngineOutput _output;
    private readonly Judgement _judgement;
    private readonly SyslogLineParser _lines;
    private readonly Detector _detector;
    private readonly LivePeers? _live;
    private bool _warnedOfHosts;
    private long _repairs;

    public Decisions(IOffenderPolicy policy, DetectionEngineOptions options, EngineMetrics metrics, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _output = new EngineOutput(options.Observer, Changes, logger, metrics);
        _judgement = new Judgement(policy, options, _output);
        _lines = new SyslogLineParser(options.SyslogHost, options.SyslogNames);
        var clock = new ArrivalClock(time);
        _live = options.PeerLookup is { } lookup ? new LivePeers(lookup, _lines, clock, time) : null;
        _detector = new Detector(options, _lines, clock, _live, _judgement);
    }

    /// <summary>What the firewall is to be told of what was decided.</summary>
    public FirewallChanges Changes { get; } = new();

    public EngineCounters Counters
    {
        get
        {
            lock (_turn)
                return _detector.Counters with { Repairs = _repairs };
        }
    }

    public IReadOnlyList<Block> Blocks
    {
        get
        {
            lock (_turn)
                return [.. _judgement.Blocks.All];
        }
    }

    public EngineFigures Figures
    {
        get
        {
            lock (_turn)
                return new(Counters, _judgement.Blocks.Count, _detector.Sessions, _live?.Outcomes ?? new long[Enum.GetValues<PeerLookupOutcome>().Length]);
        }
    }

    /// <summary>Takes in lines of the log.</summary>
    /// <returns>When the next block ends.</returns>
    public DateTimeOffset? Read(in LogChunk chunk)
    {
        lock (_turn)
        {
            _judgement.Tick(_time.GetUtcNow());
            _detector.Read(chunk);
            WarnOfHosts();
            return _judgement.Blocks.NextEnd;
        }
    }

    /// <summary>Ends the blocks whose time is over.</summary>
    /// <returns>When the next block ends.</returns>
    public DateTimeOffset? Tick()
    {
        lock (_turn)
        {
            _judgement.Tick(_time.GetUtcNow());
            return _judgement.Blocks.NextEnd;
        }
    }

    /// <summary>Waits for a turn, and does nothing with it.</summary>
    public void TakeTurn()
    {
        lock (_turn)
        {
        }
    }

    /// <summary>Blocks because somebody asked for it.</summary>
    public BlockOutcome Block(IPNetwork network, TimeSpan time, string reason)
    {
        lock (_turn)
            return _judgement.Block(network, time, reason, _time.GetUtcNow());
    }

    /// <summary>Releases because somebody asked for it.</summary>
    public bool TryRelease(IPNetwork network)
    {
        lock (_turn)
            return _judgement.TryRelease(network, _time.GetUtcNow());
    }

    public void Trust(WhiteList whiteList)
    {
        lock (_turn)
            _judgement.Trust(whiteList, _time.GetUtcNow());
    }

    /// <summary>Everything that is to be blocked, with the changes that this makes needless to tell one by one.</summary>
    public (IReadOnlyCollection<Block> Blocks, IReadOnlyList<FirewallChange> Changes) TakeWanted()
    {
        lock (_turn)
            return ([.. _judgement.Blocks.All], Changes.Take());
    }

    public bool IsBlocked(IPNetwork network)
    {
        lock (_turn)
            return _judgement.Blocks.TryGet(network, out _);
    }

    public void OnSessionEnded(EndedSession session)
    {
        lock (_turn)
            _output.OnSessionEnded(session);
    }

    /// <summary>The rules were not as they should be, and are again.</summary>
    public void OnRepaired()
    {
        lock (_turn)
            _repairs++;
    }

    /// <summary>The log is over.</summary>
    public void End()
    {
        lock (_turn)
            _detector.End();
    }

    private void WarnOfHosts()
    {
        if (_warnedOfHosts || _lines.HostCount < 2 || _live is null)
            return;
        _warnedOfHosts = true;
        _logger.SeveralHosts(_lines.HostCount);
    }
}
