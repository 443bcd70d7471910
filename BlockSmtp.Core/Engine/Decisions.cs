using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Clocks;
using BlockSmtp.Diagnostics;
using BlockSmtp.Enforcing;
using BlockSmtp.Grammars;
using BlockSmtp.Judging;
using BlockSmtp.Reading;
using BlockSmtp.Sharing;
using BlockSmtp.State;
using BlockSmtp.Syslog;
using BlockSmtp.Transactions;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>
/// Everything that decides, one thing after the other: whoever wants something of it, from whatever thread, takes his turn.
/// </summary>
internal sealed class Decisions : IWantedRules, IUncommitted
{
    private const int WordsInTurn = 100;

    private readonly Lock _turn = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GuardedPolicy _policy;
    private readonly Announcements _announcements;
    private readonly EngineOutput _output;
    private readonly Judgement _judgement;
    private readonly SyslogLineParser _lines;
    private readonly TransactionJoiner _joiner;
    private readonly ILineReader _reader;
    private readonly Queue<Action> _afterwards = new();
    private readonly LivePeers? _live;
    private readonly WallClock _clock;
    private readonly HostTraces? _traces;
    private readonly IFleet? _fleet;
    private readonly FleetDoor _door;
    private readonly UncommittedState? _uncommitted;
    private TimeSpan _keepOffenses;
    private bool _warnedOfHosts;
    private long _repairs;

    public Decisions(IOffenderPolicy policy, DetectionEngineOptions options, EngineMetrics metrics, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _clock = new WallClock(time);
        _uncommitted = options.Store is null ? null : new UncommittedState();
        _keepOffenses = options.KeepOffenses;
        _traces = options.KeepRecipients || _uncommitted is not null ? new HostTraces(_uncommitted, _keepOffenses) : null;
        _policy = new GuardedPolicy(policy, logger);
        _announcements = new Announcements(options.Observer, logger);
        _fleet = options.Fleet;
        _output = new EngineOutput(
            _announcements, Changes, logger, metrics, _uncommitted, _fleet is null ? null : new FleetVoice(_fleet, time, logger));
        _judgement = new Judgement(_policy, options, _output, _traces);
        _door = new FleetDoor(_judgement, options.FleetLimits);
        _lines = LineReaders.LinesOf(options);
        var clock = new ArrivalClock(time);
        _live = options.PeerLookup is { } lookup ? new LivePeers(new GuardedLookup(lookup, logger), _lines, clock, time) : null;
        _joiner = new TransactionJoiner(
            options, _lines, clock, _live, _judgement, _uncommitted, _policy.WantsAcceptances, options.JoinsMilter, MachineName.Find());
        _reader = LineReaders.Of(options, _lines, _joiner, new LineTroubles(logger, time), InHand);
    }

    /// <summary>Notes which line is read just now.</summary>
    public LineInHand InHand { get; } = new();

    /// <summary>What the firewall is to be told of what was decided.</summary>
    public FirewallChanges Changes { get; } = new();

    public EngineCounters Counters
    {
        get
        {
            lock (_turn)
                return CountersNow;
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
                return new(
                    Counters,
                    _judgement.Blocks.Count,
                    _joiner.Transactions,
                    _live?.Outcomes ?? new long[Enum.GetValues<PeerLookupOutcome>().Length])
                {
                    Fleet = FleetNow,
                };
        }
    }

    public bool CountProbes
    {
        get
        {
            lock (_turn)
                return _joiner.CountProbes;
        }
        set
        {
            lock (_turn)
                _joiner.CountProbes = value;
        }
    }

    public TimeSpan KeepOffenses
    {
        get
        {
            lock (_turn)
                return _keepOffenses;
        }
        set
        {
            lock (_turn)
            {
                _keepOffenses = value;
                _traces?.KeepFor = value;
            }
        }
    }

    /// <summary>What came of the last look at the firewall.</summary>
    public FirewallComparison? LastComparison { get; set; }

    /// <summary>Adds what is known here to a status.</summary>
    public EngineStatus FillStatus(EngineStatus status)
    {
        lock (_turn)
        {
            return status with
            {
                Now = _time.GetUtcNow(),
                Counters = CountersNow,
                Blocks = _judgement.Blocks.Count,
                Transactions = _joiner.Transactions,
                TrustedNetworks = _judgement.WhiteList.Count,
                LastComparison = LastComparison,
                Fleet = FleetNow,
            };
        }
    }

    public HostExplanation Explain(IPAddress host)
    {
        Tick();
        lock (_turn)
            return _judgement.Explain(host);
    }

    public NetworkExplanation Explain(IPNetwork network)
    {
        Tick();
        lock (_turn)
            return _judgement.Explain(network);
    }

    /// <summary>Takes in lines of the log.</summary>
    /// <param name="chunk">The lines.</param>
    /// <param name="position">How far the log was read with them; null when nobody wants to know.</param>
    /// <returns>When the next block ends.</returns>
    public DateTimeOffset? Read(in LogChunk chunk, string? position)
    {
        DateTimeOffset? next;
        lock (_turn)
        {
            _judgement.Tick(Now());
            _reader.Read(chunk);
            EndTurn();
            _uncommitted?.MoveTo(position);
            WarnOfHosts();
            next = _judgement.Blocks.NextEnd;
        }

        _announcements.Tell();
        _announcements.WaitWhileMany();
        return next;
    }

    /// <summary>Judges what no line has told.</summary>
    public void Report(Offense offense) => TakeTurn(() =>
    {
        // A milter's has the number of what the client wrote, if that has one, by which its line is known again.
        var known = (offense.Source == PeerSource.Milter ? offense : Known(offense)) with { Time = NotLater(offense.Time) };
        if (_joiner.IsNew(known))
            _judgement.ConsiderReported(known);
    });

    /// <inheritdoc cref="Report(Offense)"/>
    public void Report(Acceptance acceptance) => TakeTurn(() =>
    {
        if (_joiner.IsNew(acceptance))
            _judgement.Accept(acceptance with { Time = NotLater(acceptance.Time) });
    });

    /// <inheritdoc cref="Report(Offense)"/>
    public void Report(TransactionEnd end) => TakeTurn(() => _judgement.End(end with { Time = NotLater(end.Time) }));

    /// <summary>Takes what other hosts of the fleet have said, some of it in each turn, so that no line waits for all of it.</summary>
    public void Take(IReadOnlyList<FleetWord> words)
    {
        for (var from = 0; from < words.Count; from += WordsInTurn)
        {
            var (first, end) = (from, Math.Min(from + WordsInTurn, words.Count));
            TakeTurn(() => Changes.Collect(() =>
            {
                var now = Now();
                for (var i = first; i < end; i++)
                    _door.Take(words[i], now);
            }));
        }
    }

    /// <summary>Ends the blocks whose time is over.</summary>
    /// <returns>When the next block ends.</returns>
    public DateTimeOffset? Tick()
    {
        // Whoever has the turn does that himself.
        if (_turn.IsHeldByCurrentThread)
            return _judgement.Blocks.NextEnd;
        return InTurn(() =>
        {
            _judgement.Tick(Now());
            return _judgement.Blocks.NextEnd;
        });
    }

    /// <summary>Waits for a turn, and does nothing with it; then until the observer has been told all there is.</summary>
    public Task TakeTurnAsync()
    {
        lock (_turn)
        {
        }

        return _announcements.ToldAsync();
    }

    /// <summary>Blocks because somebody asked for it.</summary>
    public BlockOutcome Block(IPNetwork network, TimeSpan time, string reason, bool keepsLonger) =>
        InTurn(() => _judgement.Block(network, time, reason, keepsLonger, Now()));

    /// <summary>Releases because somebody asked for it.</summary>
    public bool TryRelease(IPNetwork network) => InTurn(() => _judgement.TryRelease(network, Now()));

    public void Trust(WhiteList whiteList) => InTurn(() =>
    {
        _judgement.Trust(whiteList, Now());
        return true;
    });

    /// <summary>Takes the mail server's addresses. False when they are what they were.</summary>
    public bool TryTakeOwn(IReadOnlyList<IPAddress> addresses) => InTurn(() => _judgement.TryTakeOwn(addresses, Now()));

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

    /// <summary>Whether a host is blocked now, by itself or in a network.</summary>
    public bool IsBlocked(IPAddress host)
    {
        lock (_turn)
        {
            _judgement.Tick(Now());
            return _judgement.Blocks.Covers(HostKey.Of(host));
        }
    }

    public void OnSessionEnded(EndedSession session) => InTurn(() =>
    {
        _output.OnSessionEnded(session);
        return true;
    });

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
            _joiner.End();
    }

    /// <summary>How soon what has changed is to be committed, what it comes to, and how many blocks and hosts of it there are.</summary>
    public (CommitUrgency Urgency, long Version, int Count) Pending
    {
        get
        {
            lock (_turn)
                return _uncommitted is { } changes ? (changes.Urgency, changes.Version, changes.Count) : default;
        }
    }

    /// <summary>The log is where it is before the first line.</summary>
    public void BeginAt(string? position)
    {
        lock (_turn)
            _uncommitted?.MoveTo(position);
    }

    /// <summary>Takes what is to be committed.</summary>
    public (StateChange Change, long Version) TakeUncommitted()
    {
        lock (_turn)
        {
            var isWhole = _uncommitted!.IsWhole;
            var (records, hosts, transactions) = _uncommitted.Take();
            var change = new StateChange
            {
                Time = Now(),
                IsWhole = isWhole,
                LogPosition = _uncommitted.Position,
                Blocks = isWhole ? [.. records, .. _judgement.Blocks.All.Select(block => new BlockRecord(block))] : records,
                Offenses = isWhole ? [.. _traces!.All] : [.. hosts.Select(_traces!.Of)],
                Waiting = isWhole ? [.. _joiner.Waiting] : [.. transactions.Select(key => _joiner.WaitingIn(key))],
            };
            return (change, _uncommitted.Version);
        }
    }

    /// <summary>It was not committed: next time everything is.</summary>
    public void PutBack(StateChange change)
    {
        lock (_turn)
            _uncommitted!.PutBack([.. change.Blocks.Where(record => !change.IsWhole || !record.IsCurrent)]);
    }

    /// <summary>Takes up what an earlier run has left.</summary>
    public void Resume(StoredState state)
    {
        lock (_turn)
        {
            var now = Now();
            _judgement.Tick(now);
            _uncommitted!.OnResuming();
            _judgement.Blocks.Expect(state.Blocks.Count);
            Changes.Expect(state.Blocks.Count);
            foreach (var block in state.Blocks)
            {
                if (_judgement.Resume(block) is { } over)
                    _output.OnOver(over);
                else
                    _output.OnResumed(block);
            }

            foreach (var offense in state.Offenses.SelectMany(host => host.Offenses)
                .Where(offense => now - offense.Time < _keepOffenses)
                .OrderBy(offense => offense.Time))
                _judgement.Resume(Known(offense));
            foreach (var host in state.Offenses.Where(host => host.Offenses.Any(offense => now - offense.Time >= _keepOffenses)))
                _uncommitted.Touch(host.Host);
            foreach (var transaction in state.Waiting.OrderBy(transaction => transaction.Last))
            {
                // What is not taken up has no key by which it could be taken out.
                if (!_joiner.TryResume(transaction, now))
                    _uncommitted.Renew();
            }
        }

        _announcements.Tell();
    }

    /// <summary>With the number of its name, which means something within one run only.</summary>
    private static Offense Known(in Offense offense)
    {
        if (offense.RecipientKey != 0 || offense.Recipient is not { } name)
            return offense;
        var (key, order) = RecipientName.OfTried(name);
        return offense with { RecipientKey = key, RecipientOrder = order };
    }

    private FleetReport? FleetNow => _fleet is null ? null : _door.ReportOn(_fleet.Status);

    private EngineCounters CountersNow =>
        _reader.AddTo(_joiner.AddTo(new EngineCounters { Repairs = _repairs, PolicyFailures = _policy.Failures }));

    /// <summary>Does something in turn: now, or, for a policy that judges just now, right after that.</summary>
    private void TakeTurn(Action what)
    {
        if (_turn.IsHeldByCurrentThread)
        {
            _afterwards.Enqueue(what);
            return;
        }

        InTurn(() =>
        {
            _judgement.Tick(Now());
            what();
            EndTurn();
            return true;
        });
    }

    /// <summary>Decides something in turn, then tells of it.</summary>
    /// <exception cref="InvalidOperationException">It is the turn of the one who asks: he is asked to decide something else.</exception>
    private T InTurn<T>(Func<T> decide)
    {
        if (_turn.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException(
                "The engine cannot be asked to decide this within a call of its policy or its peer look-up, which it waits for: "
                    + "return first, or ask from an observer.");
        }

        T result;
        lock (_turn)
            result = decide();
        _announcements.Tell();
        return result;
    }

    private void EndTurn()
    {
        while (_afterwards.TryDequeue(out var next))
            next();
    }

    /// <summary>A fact of the future would bring the future about.</summary>
    private DateTimeOffset NotLater(DateTimeOffset time)
    {
        var now = _time.GetUtcNow();
        return time < now ? time.ToUniversalTime() : now;
    }

    /// <summary>The time now. Should the clock have been set, every block keeps the time that was left to it.</summary>
    private DateTimeOffset Now()
    {
        var now = _clock.Now(out var step);
        if (step == TimeSpan.Zero)
            return now;
        var blocks = _judgement.Blocks.Shift(step);
        if (blocks.Count == 0)
            return now;
        foreach (var block in blocks)
            _uncommitted?.Add(new BlockRecord(block));
        _logger.ClockSet(DurationText.Show(step.Duration()), step > TimeSpan.Zero ? "forward" : "back");
        return now;
    }

    private void WarnOfHosts()
    {
        if (_warnedOfHosts || _lines.HostCount < 2 || _live is null)
            return;
        _warnedOfHosts = true;
        _logger.SeveralHosts(_lines.HostCount);
    }
}
