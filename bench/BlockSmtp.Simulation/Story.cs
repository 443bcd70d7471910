using System.Net;
using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Simulation;

/// <summary>
/// What happens to one machine, as a seed decides it: clients guess, lines are handed out, parts fail, the daemon dies, and after each step
/// what must hold is held against what is there.
/// </summary>
internal sealed class Story : IDisposable
{
    // After a failure a firewall is tried again within half a minute, and compared within a minute.
    private static readonly TimeSpan MendTime = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan ReapTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan DoubtTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(61);

    private readonly SeededRandom _random;
    private readonly Machine _machine;
    private readonly Hosts _hosts = new();
    private readonly int _mostBlocks;
    private readonly (int Weight, Func<Task> Act, string Name)[] _acts;
    private Daemon _daemon;
    private int _timesSet;
    private int _timesRevived;

    public Story(ulong seed, TextWriter? words)
    {
        _random = new SeededRandom(seed);
        _machine = new Machine(_random, words);
        _mostBlocks = _random.Chance(0.1) ? 3 : 1_000;
        _acts =
        [
            (18, Guess, "guess"), (8, Open, "open"), (8, End, "end"), (4, Close, "close"), (5, Chat, "chat"), (8, Burst, "burst"),
            (22, Deliver, "deliver"), (14, () => GoOnAsync(TimeSpan.FromSeconds(2 * _random.Next())), "wait"),
            (5, () => GoOnAsync(TimeSpan.FromSeconds(5 + (90 * _random.Next()))), "wait long"),
            (1, () => GoOnAsync(TimeSpan.FromMinutes(5 + (70 * _random.Next()))), "wait very long"),
            (2, Flush, "flush"), (1, SetClock, "set the clock"), (1, Rotate, "rotate"), (2, CrashAsync, "crash"),
            (1, RestartAsync, "restart"),
            (3, Trouble, "trouble"), (2, Heal, "heal"), (2, ByHand, "by hand"), (1, Flood, "flood"),
        ];
        _daemon = null!;
    }

    public ulong Hash => _machine.Trace.Hash;

    /// <summary>Tells it.</summary>
    /// <exception cref="Violation">Something happened that must never happen.</exception>
    public async Task TellAsync(int steps)
    {
        var total = _acts.Sum(act => act.Weight);
        Start();
        await SettleAsync();
        for (var step = 0; step < steps; step++)
        {
            var drawn = _random.Below(total);
            var act = _acts.First(one => (drawn -= one.Weight) < 0);
            _machine.Trace.Add($"-- {act.Name}");
            await act.Act();
            await SettleAsync();
            Check();
        }

        await EndAsync();
    }

    public void Dispose() => _daemon?.Dispose();

    /// <summary>Everything works again, and comes right.</summary>
    private async Task EndAsync()
    {
        _machine.Trace.Add("-- the end");
        await Heal();
        await GoOnAsync(LongestPause + MendTime);
        await DeliverAsync(int.MaxValue);
        await GoOnAsync(TimeSpan.FromSeconds(20));
        Check();
        if (_daemon.ReadyAt is null)
            throw new Violation("it is not ready although everything works");
        CheckRules();
        CheckStore();
        await StopAsync();
        if (_machine.Rules.Dropped.Count > 0)
            throw new Violation("rules are left after it was stopped");
    }

    private void Start() => _daemon = new Daemon(_machine, _hosts, _mostBlocks);

    /// <summary>Lets everything go on that can without the time going on.</summary>
    private async Task SettleAsync()
    {
        while (true)
        {
            do
                await Task.Yield();
            while (ThreadPool.PendingWorkItemCount > 0);
            if (_daemon.ReadyAt is not null)
                _daemon.Lines.Await();
            if (_daemon.IsStopping && _daemon.Lines.IsRead)
                _daemon.Lines.End();
            else if (ThreadPool.PendingWorkItemCount == 0)
                break;
        }

        if (!_daemon.IsStopping && _daemon.IsOver)
            await ReviveAsync();
    }

    /// <summary>A firewall that fails at the start ends it; whatever else does is wrong.</summary>
    private async Task ReviveAsync()
    {
        if (_daemon.Failure is not FirewallException || _daemon.ReadyAt is not null)
            throw new Violation($"it has ended by itself: {_daemon.Failure?.ToString() ?? "without a failure"}");
        _machine.Trace.Add("-- started again");
        // The same again and again tells nothing new.
        if (++_timesRevived % 4 == 0)
            _machine.Firewall.Heal();
        _daemon.Die(isCrash: false);
        _daemon.Dispose();
        await GoOnWithoutAsync(TimeSpan.FromSeconds(2));
        Start();
        await SettleAsync();
    }

    private async Task GoOnAsync(TimeSpan time)
    {
        var until = _machine.Time.Up + time;
        while (_machine.Time.TryGoOn(until))
            await SettleAsync();
    }

    private async Task GoOnWithoutAsync(TimeSpan time)
    {
        var until = _machine.Time.Up + time;
        while (_machine.Time.TryGoOn(until))
            await Task.Yield();
    }

    private Task Guess()
    {
        var able = _machine.Server.Sessions.Where(IsHeard).ToArray();
        if (able.Length > 0)
            _machine.Server.Guess(_random.Pick(able));
        return Task.CompletedTask;
    }

    private bool IsHeard(Session session) => !_machine.Rules.Drop(session.Peer);

    private Task Open()
    {
        TryOpen(out _);
        return Task.CompletedTask;
    }

    private bool TryOpen(out Session session)
    {
        session = null!;
        var host = _random.Pick(_hosts.All);
        if (_machine.Rules.Drop(host))
            return false;
        session = _machine.Server.Open(host);
        return true;
    }

    private Task Burst()
    {
        if (!TryOpen(out var session))
            return Task.CompletedTask;
        for (var guesses = _random.Below(7); guesses > 0; guesses--)
            _machine.Server.Guess(session);
        if (_random.Chance(0.4))
            _machine.Server.End(session);
        return _random.Chance(0.6) ? Deliver() : Task.CompletedTask;
    }

    private Task End()
    {
        if (_machine.Server.Sessions.Count > 0)
            _machine.Server.End(_random.Pick(_machine.Server.Sessions.ToArray()));
        return Task.CompletedTask;
    }

    private Task Close()
    {
        if (_machine.Server.Sessions.Count > 0)
            Leave(_random.Pick(_machine.Server.Sessions.ToArray()));
        return Task.CompletedTask;
    }

    private void Leave(Session session)
    {
        if (_random.Chance(0.9))
            _machine.Server.End(session);
        _machine.Server.Close(session);
    }

    private Task Chat()
    {
        _machine.Server.Chat(_random);
        return Task.CompletedTask;
    }

    private Task Deliver() => DeliverAsync(_random.Chance(0.5) ? int.MaxValue : 1 + _random.Below(8));

    private async Task DeliverAsync(int most)
    {
        if (!_daemon.Lines.IsRead || _daemon.IsOver)
            return;
        var lines = _daemon.Lines.Hand(Math.Min(most, 100_000));
        _machine.Trace.Add($"lines {lines}");
        await SettleAsync();
        for (var line = lines.Start.Value; line < lines.End.Value; line++)
            _daemon.Ledger.Read.Add(line);
        _daemon.Check();
        for (var line = lines.Start.Value; line < lines.End.Value; line++)
        {
            if (_machine.Server.Ends.TryGetValue(line, out var transaction))
                CheckTransaction(transaction, line);
        }
    }

    /// <summary>The client of a transaction is known now: what it has guessed counts.</summary>
    private void CheckTransaction(string transaction, int end)
    {
        foreach (var (number, guess) in _machine.Server.Guesses.Index())
        {
            if (guess.Transaction == transaction
                && guess.Line < end
                && _daemon.Ledger.Read.Contains(guess.Line)
                && !_daemon.Ledger.Told.Contains(number))
                throw new Violation($"guess {number} of {guess.Peer} is lost");
        }
    }

    private Task Flush()
    {
        _machine.Rules.Dropped.Clear();
        _machine.LastForeignHand = _machine.Time.Up;
        return Task.CompletedTask;
    }

    private Task SetClock()
    {
        if (++_timesSet > 2)
            return Task.CompletedTask;
        var step = TimeSpan.FromSeconds((_random.Chance(0.5) ? 1 : -1) * Math.Pow(10, 3 * _random.Next()));
        _machine.Trace.Add($"by {step}");
        _machine.Time.Set(step);
        _machine.LastSet = _machine.Time.Up;
        _machine.Server.ReusesNumbers = false;
        foreach (var ledger in new[] { _daemon.Ledger, _machine.Disk.Ledger })
            ledger.Unclear.UnionWith(ledger.Counted.Keys);
        return Task.CompletedTask;
    }

    private Task Rotate()
    {
        if (_random.Chance(0.3))
            _machine.Log.Truncate();
        else
            _machine.Log.Rotate();
        return Task.CompletedTask;
    }

    private async Task CrashAsync()
    {
        _daemon.Die(isCrash: true);
        await EndRunAsync();
        foreach (var session in _machine.Server.Sessions)
            session.CondemnedAt = null;
        await GoOnWithoutAsync(TimeSpan.FromSeconds(30 * _random.Next()));
        if (_random.Chance(0.5))
            await Burst(without: true);
        Start();
    }

    /// <summary>Somebody guesses while nobody looks.</summary>
    private Task Burst(bool without)
    {
        if (without && TryOpen(out var session))
        {
            for (var guesses = _random.Below(5); guesses > 0; guesses--)
                _machine.Server.Guess(session);
        }

        return Task.CompletedTask;
    }

    private async Task RestartAsync()
    {
        await StopAsync();
        await GoOnWithoutAsync(TimeSpan.FromSeconds(5 * _random.Next()));
        Start();
    }

    private async Task StopAsync()
    {
        _daemon.Stop();
        await SettleAsync();
        await GoOnAsync(TimeSpan.FromSeconds(2));
        if (!_daemon.IsOver)
            throw new Violation("it has not stopped within two seconds");
        if (_daemon.Failure is { } failure && !(failure is FirewallException && _daemon.ReadyAt is null))
            throw new Violation($"it has not stopped in an orderly way: {failure}");
        _daemon.Check();
        _daemon.Die(isCrash: false);
        await EndRunAsync();
    }

    /// <summary>The process is no more.</summary>
    private async Task EndRunAsync()
    {
        if (_daemon.Wrong is { } wrong)
            throw new Violation(wrong);
        _daemon.Stop();
        await SettleAsync();
        while (!_daemon.IsOver && _daemon.TryBury())
            await SettleAsync();
        _daemon.Dispose();
    }

    private Task Trouble()
    {
        var kind = _random.Below(6);
        var share = _random.Next() * 0.6;
        if (kind == 3)
            _machine.Lookup.TroubleShare = share;
        else if (kind > 3)
            _machine.Firewall.Fixed = _random.Chance(0.5) ? Fate.Hangs : Fate.Fails;
        else
            new[] { _machine.Firewall, _machine.Store, _machine.Reaper }[kind].TroubleShare = share;
        _machine.Trace.Add($"kind {kind}");
        return Task.CompletedTask;
    }

    private Task Heal()
    {
        _machine.Firewall.Heal();
        _machine.Store.Heal();
        _machine.Reaper.Heal();
        _machine.Lookup.TroubleShare = 0;
        return Task.CompletedTask;
    }

    private Task ByHand()
    {
        var network = Rules.Network(_random.Pick(_hosts.All));
        // Who asks does not wait: the store may take its time.
        _ = _random.Chance(0.4)
            ? _daemon.Engine.BlockAsync(network, Rule.BlockTime * (0.1 + _random.Next()), "by hand")
            : (Task)_daemon.Engine.ReleaseAsync(network);
        return Task.CompletedTask;
    }

    private Task Flood()
    {
        for (var guesses = Rule.MaxHosts + 4; guesses > 0; guesses--)
        {
            var session = _machine.Server.Open(_hosts.NextOfFlood());
            _machine.Server.Guess(session);
            Leave(session);
        }

        return Deliver();
    }

    private void Check()
    {
        _daemon.Check();
        if (_daemon.Wrong is { } wrong)
            throw new Violation(wrong);
        if (_daemon.ReadyAt is not { } readyAt)
            return;
        var blocks = _daemon.Engine.Blocks;
        if (!_daemon.Ledger.Blocked.SetEquals(blocks.Select(block => block.Network.BaseAddress)))
            throw new Violation("other hosts are blocked than was told");
        var status = _daemon.Engine.Status;
        if (status.Blocks > _mostBlocks || status.Transactions > 2_000)
            throw new Violation("more is remembered than the bounds allow");
        if (_machine.Time.Up - _machine.LastSet > LongestSleep
            && blocks.Any(block => block.Until + LongestSleep < _machine.Time.GetUtcNow()))
            throw new Violation("a block has not ended in its time");
        CheckCounted();
        CheckSessions(readyAt);
        CheckDoubts();
        if (Settled(MendTime) && _machine.Firewall.QuickFor > LongestPause + MendTime && _machine.Time.Up - readyAt > MendTime)
            CheckRules();
    }

    private bool Settled(TimeSpan time) =>
        _machine.Firewall.HealthyFor > time && _machine.Store.HealthyFor > time && _machine.Time.Up - _machine.LastForeignHand > time &&
        _machine.Time.Up - _machine.LastSet > time && _machine.Time.Up - _machine.LastDecision > Moment;

    private void CheckCounted()
    {
        // Then lines were written at times that are still to come.
        if (_timesSet > 0)
            return;
        var since = _machine.Time.GetUtcNow() - Rule.Window;
        foreach (var host in _hosts.All.Where(host =>
            !Hosts.IsTrusted(host) && !_daemon.IsUnclear(host) && !_daemon.Ledger.Blocked.Contains(host)))
        {
            var counted = _daemon.Ledger.Counted.GetValueOrDefault(host)?.Count(time => time > since) ?? 0;
            var kept = _daemon.Engine.Explain(host).Offenses.Count(offense => offense.Time > since);
            if (counted != kept)
                throw new Violation($"{kept} guesses of {host} are kept, {counted} count");
        }
    }

    private void CheckSessions(TimeSpan readyAt)
    {
        foreach (var session in _machine.Server.Sessions)
        {
            if (session.CondemnedAt is not { } since || _machine.Time.Up - since <= ReapTime || since < readyAt)
                continue;
            var wellFor = _machine.Time.Up - since + RetryTime;
            if (_machine.Store.HealthyFor > wellFor && _machine.Reaper.HealthyFor > wellFor)
                throw new Violation($"a session of {session.Peer} goes on although it is blocked");
        }
    }

    private void CheckDoubts()
    {
        foreach (var (host, since) in _daemon.Doubted.ToList())
        {
            if (_machine.Rules.Drop(host))
                _daemon.Doubted.Remove(host);
            else if (_machine.Time.Up - since > DoubtTime && _machine.Firewall.HealthyFor > _machine.Time.Up - since + RetryTime &&
                _machine.Firewall.QuickFor > LongestPause + RetryTime)
                throw new Violation($"{host} guesses on although it is blocked, and its packets are not dropped");
        }
    }

    private void CheckRules()
    {
        if (!_machine.Rules.Dropped.SetEquals(_daemon.Engine.Blocks.Select(block => block.Network)))
        {
            throw new Violation(
                $"the rules are [{string.Join(' ', _machine.Rules.Dropped)}], "
                    + $"blocked is [{string.Join(' ', _daemon.Engine.Blocks.Select(block => block.Network))}]");
        }
    }

    private void CheckStore()
    {
        var kept = _machine.Disk.Read();
        if (!kept.Blocks.Select(block => block.Network).ToHashSet().SetEquals(_daemon.Engine.Blocks.Select(block => block.Network)))
            throw new Violation("the store has other blocks than there are");
        if (kept.LogPosition != _daemon.Lines.Position)
            throw new Violation($"the store is at {kept.LogPosition}, the log was read up to {_daemon.Lines.Position}");
    }
}
