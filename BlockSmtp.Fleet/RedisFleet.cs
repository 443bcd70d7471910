using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BlockSmtp.Collections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace BlockSmtp.Fleet;

/// <summary>
/// A fleet that meets on a Redis (6.2 or later) or Valkey server: a stream of blocks is the truth, another one tells what was seen of late,
/// and a published message is but the bell that has others look.
/// </summary>
/// <remarks>
/// While the server is away, hangs or refuses it, each host goes on alone; then it hears what others have said meanwhile, and says
/// what it has said and is not known to have arrived. If the server has lost what it had kept, all that is in force is said again.
/// Dispose of it after the engine.
/// </remarks>
public sealed class RedisFleet : IFleet, IAsyncDisposable
{
    private const int BatchSize = 500;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeetInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HostsShown = TimeSpan.FromHours(1);

    private readonly RedisFleetOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private readonly OwnWords _words;
    private readonly OwnFacts _facts;
    private readonly HeardFacts _heardFacts = new();
    private readonly WakeUp _toSay = new();
    private readonly WakeUp _toHear = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Lock _lock = new();

    // Used by the side that hears alone.
    private Listener? _served;
    private RedisValue _lastBlock = RedisValue.Null;
    private RedisValue _lastFact = RedisValue.Null;

    private volatile Listener? _listener;
    private FleetStatus _status;
    private long _said;
    private long _heard;
    private long _improper;
    private long _heardAt;
    private bool _nameIsTaken;

    /// <summary>Begins to connect, without waiting for that.</summary>
    /// <param name="options">Where, and as whom.</param>
    /// <param name="logger">Is told when the fleet is heard and when not (events 1800 to 1899); null for nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RedisFleet(RedisFleetOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _words = new OwnWords(_time);
        _facts = new OwnFacts(_time);
        _status = new FleetStatus { Node = options.Node, Problem = "not connected yet" };
        _running = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public FleetStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status with
                {
                    Waiting = _words.Waiting + _facts.Waiting,
                    Said = Interlocked.Read(ref _said),
                    Heard = Interlocked.Read(ref _heard),
                    Improper = Interlocked.Read(ref _improper),
                    Dropped = _facts.Dropped,
                    LastHeard = Interlocked.Read(ref _heardAt) is > 0 and var at ? _time.GetElapsedTime(at) : null,
                };
            }
        }
    }

    /// <summary>Who listens, and what he is to be handed.</summary>
    private sealed class Listener
    {
        // Whoever does not keep up has the one who reads the server wait, and nothing else.
        public Channel<IReadOnlyList<FleetWord>> Batches { get; } = Channel.CreateBounded<IReadOnlyList<FleetWord>>(16);
    }

    /// <inheritdoc/>
    public void Announce(FleetWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        var own = word with { Node = _options.Node };
        if (own.IsFact)
            _facts.Add(own);
        else
            _words.Add(own);
        _toSay.Set();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<FleetWord>> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = new Listener();
        var former = Interlocked.Exchange(ref _listener, listener);
        former?.Batches.Writer.TryComplete();
        _toHear.Set();
        try
        {
            await foreach (var words in listener.Batches.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return words;
        }
        finally
        {
            listener.Batches.Writer.TryComplete();
            Interlocked.CompareExchange(ref _listener, null, listener);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener?.Batches.Writer.TryComplete();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = ShortestPause;
        var isTold = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var session = await RedisSession.OpenAsync(_options, _toHear).ConfigureAwait(false);
                await using (session.ConfigureAwait(false))
                {
                    await CatchUpAsync(session).ConfigureAwait(false);
                    Change(status => status with { IsConnected = true, Problem = null });
                    _logger.Connected(_options.Name, _options.Servers[0], _options.Node);
                    (pause, isTold) = (ShortestPause, false);
                    await GoOnAsync(session).ConfigureAwait(false);
                }
            }
#pragma warning disable CA1031 // Whatever the client throws, this host goes on alone and tries again.
            catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var reason = ReasonOf(e);
                Change(status => status with { IsConnected = false, Problem = reason });
                if (!isTold)
                    _logger.Disconnected(reason);
                isTold = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Hears and says, each without waiting for the other, until either fails.</summary>
    private async Task GoOnAsync(RedisSession session)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var (hearing, saying) = (HearAsync(session, end.Token), SayAsync(session, end.Token));
        var first = await Task.WhenAny(hearing, saying).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(hearing, saying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>Finds out what the server has of what this host has said, before anything is said again.</summary>
    private async Task CatchUpAsync(RedisSession session)
    {
        if (_lastFact.IsNull)
            _lastFact = await session.FindEndOfFactsAsync().ConfigureAwait(false);
        _words.DoubtUnread();
        await ReadAsync(session, _stop.Token).ConfigureAwait(false);
        _words.StartOver();
        // One that is full or read-only, or lets this host read alone, answers and takes nothing: what it tells
        // was heard, but it is not at work.
        await MeetAsync(session).ConfigureAwait(false);
        await TrySayAsync(session).ConfigureAwait(false);
        _toSay.Set();
    }

    private async Task HearAsync(RedisSession session, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await _toHear.WaitAsync(LookInterval, cancellationToken).ConfigureAwait(false);
            await ReadAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(RedisSession session, CancellationToken cancellationToken)
    {
        if (_listener != _served || _lastBlock.IsNull)
        {
            await ReadAllAsync(session, cancellationToken).ConfigureAwait(false);
        }
        else if (!await TryReadNewsAsync(session, cancellationToken).ConfigureAwait(false))
        {
            _lastFact = "0-0";
            var again = _words.Doubt();
            await ReadAllAsync(session, cancellationToken).ConfigureAwait(false);
            _words.StartOver();
            _logger.SaidAgain(Math.Min(again, _words.Waiting));
            _toSay.Set();
        }

        await ReadFactsAsync(session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the blocks from their beginning: for a new listener, and when it is not known what was missed.</summary>
    private async Task ReadAllAsync(RedisSession session, CancellationToken cancellationToken)
    {
        var listener = _listener;
        var inForce = new InForce(_options.Node);
        var last = RedisValue.Null;
        while (true)
        {
            var reading = last.IsNull ? session.ReadBlocksAsync(null) : session.ReadBlocksAfterAsync(last);
            var now = await session.GetTimeAsync().ConfigureAwait(false);
            var entries = await reading.ConfigureAwait(false);
            foreach (var entry in entries)
            {
                last = entry.Id;
                if (Understand(entry, now) is { } word)
                    inForce.Add(word);
            }

            if (entries.Length < RedisSession.Page)
                break;
        }

        foreach (var words in inForce.Words.Where(word => !_words.HasLaterRelease(word)).Chunk(BatchSize))
            await HandOutAsync(listener, words, cancellationToken).ConfigureAwait(false);
        // An empty stream has no place to go on from but its beginning.
        _lastBlock = last.IsNull ? "0-0" : last;
        _served = listener;
    }

    /// <returns>False when the entry that was read last is not there any more: then nobody knows what else is not.</returns>
    private async Task<bool> TryReadNewsAsync(RedisSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isFirst = _lastBlock == "0-0";
            var reading = session.ReadBlocksAsync(isFirst ? (RedisValue?)null : _lastBlock);
            var now = await session.GetTimeAsync().ConfigureAwait(false);
            var entries = await reading.ConfigureAwait(false);
            if (!isFirst)
            {
                if (entries.Length == 0 || entries[0].Id != _lastBlock)
                    return false;
            }
            else if (entries.Length == 0)
            {
                return true;
            }

            List<FleetWord> words = [];
            foreach (var entry in entries.AsSpan(isFirst ? 0 : 1))
            {
                if (Understand(entry, now) is { } word && word.Node != _options.Node && !_words.HasLaterRelease(word))
                {
                    words.Add(word);
                    NoteLag(entry.Id, now);
                }
            }

            await HandOutAsync(_served, words, cancellationToken).ConfigureAwait(false);
            _lastBlock = entries[^1].Id;
            if (entries.Length < RedisSession.Page)
                return true;
        }
    }

    private async Task ReadFactsAsync(RedisSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reading = session.ReadFactsAfterAsync(_lastFact);
            var now = await session.GetTimeAsync().ConfigureAwait(false);
            var entries = await reading.ConfigureAwait(false);
            List<FleetWord> facts = [];
            foreach (var entry in entries)
            {
                _lastFact = entry.Id;
                AddFacts(entry, now, facts);
            }

            await HandOutAsync(_served, facts, cancellationToken).ConfigureAwait(false);
            if (entries.Length < RedisSession.Page / 10)
                return;
        }
    }

    private void AddFacts(in StreamEntry entry, long now, List<FleetWord> facts)
    {
        if (entry.IsNull
            || (string?)entry["v"] != "1"
            || BlockEntry.TimeOf(entry.Id) is not { } at
            || BlockEntry.Text(entry["n"], FleetWord.LongestNode) is not { Length: > 0 } node
            || BlockEntry.Text(entry["r"], 32) is not { Length: > 0 } run
            || BlockEntry.Number(entry["s"]) is not (> 0 and < long.MaxValue / 2 and var first)
            || BlockEntry.Text(entry["f"], FactLines.MostFacts * 400) is not { } lines)
        {
            OnImproper();
            return;
        }

        if (node == _options.Node)
            return;
        FleetWord?[] all = [.. FactLines.Read(lines, node, TimeSpan.FromMilliseconds(Math.Clamp(now - at, 0, long.MaxValue / 100_000)))];
        if (_heardFacts.CountHeard(node, run, first, all.Length) is not { } heard)
        {
            OnImproper();
            return;
        }

        NoteLag(entry.Id, now);
        foreach (var fact in all.AsSpan(heard))
        {
            if (fact is null)
                OnImproper();
            else
                facts.Add(fact);
        }
    }

    private FleetWord? Understand(in StreamEntry entry, long now)
    {
        var word = BlockEntry.Read(entry, now);
        if (word is null)
            OnImproper();
        else if (word.Node == _options.Node)
            _words.ConfirmRead(word);
        else if (word.Kind == FleetWordKind.Release)
            _words.Forget(word);
        return word;
    }

    private async Task HandOutAsync(Listener? listener, IReadOnlyList<FleetWord> words, CancellationToken cancellationToken)
    {
        if (words.Count == 0)
            return;
        Interlocked.Add(ref _heard, words.Count);
        Interlocked.Exchange(ref _heardAt, _time.GetTimestamp());
        if (listener is null)
            return;
        try
        {
            await listener.Batches.Writer.WriteAsync(words, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // He listens no more; who comes after him hears all from the beginning.
        }
    }

    private async Task SayAsync(RedisSession session, CancellationToken cancellationToken)
    {
        for (var metAt = _time.GetTimestamp(); !cancellationToken.IsCancellationRequested;)
        {
            if (_time.GetElapsedTime(metAt) >= MeetInterval)
            {
                await MeetAsync(session).ConfigureAwait(false);
                _words.Sweep();
                metAt = _time.GetTimestamp();
            }

            if (!await TrySayAsync(session).ConfigureAwait(false))
                await _toSay.WaitAsync(MeetInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says some of what waits, facts first: who blocks has counted them.</summary>
    /// <returns>False when nothing waits.</returns>
    private async Task<bool> TrySayAsync(RedisSession session)
    {
        var (first, facts) = _facts.Peek(FactLines.MostFacts * 16);
        if (facts.Length > 0)
        {
            await session.SayFactsAsync(_options.Node, _run, first, facts).ConfigureAwait(false);
            _facts.RemoveBefore(first + facts.Length);
            Interlocked.Add(ref _said, facts.Length);
        }

        var words = _words.Take(BatchSize);
        if (words.Count > 0)
        {
            await session.SayBlocksAsync(words.Select(word => word.Word)).ConfigureAwait(false);
            foreach (var word in words)
                _words.Confirm(word);
            Interlocked.Add(ref _said, words.Count);
        }

        return facts.Length + words.Count > 0;
    }

    private async Task MeetAsync(RedisSession session)
    {
        var hosts = await session.MeetAsync(_options.Node, _run).ConfigureAwait(false);
        var now = await session.GetTimeAsync().ConfigureAwait(false);
        var seen =
            hosts.Select(host => (host.Node, host.Run, Ago: TimeSpan.FromMilliseconds(Math.Clamp(now - host.At, 0, 86_400_000)))).ToArray();
        // One that has just been started again may have been there a moment ago under its last run.
        var isTaken = seen.Any(host => host.Node == _options.Node && host.Run != _run && host.Ago < MeetInterval * 1.5);
        if (isTaken && _nameIsTaken)
            Change(status => status with { Problem = $"another host calls itself {_options.Node}" });
        else if (_nameIsTaken)
            Change(status => status with { Problem = null });
        if (isTaken && !_nameIsTaken && _status.Hosts.Count > 0)
            _logger.NameTaken(_options.Node);
        _nameIsTaken = isTaken;
        Change(status => status with
        {
            Hosts = [.. seen.Where(host => host.Node != _options.Node && host.Ago < HostsShown)
                .Select(host => new FleetHost(host.Node, host.Ago))
                .Append(new FleetHost(_options.Node, TimeSpan.Zero)).OrderBy(host => host.Node, StringComparer.Ordinal)],
        });
    }

    private void NoteLag(RedisValue id, long now)
    {
        if (BlockEntry.TimeOf(id) is { } at)
            Change(status => status with { Lag = TimeSpan.FromMilliseconds(Math.Max(0, now - at)) });
    }

    private void OnImproper()
    {
        var count = Interlocked.Increment(ref _improper);
        if (BitOperations.IsPow2(count))
            _logger.ImproperWord(count);
    }

    private void Change(Func<FleetStatus, FleetStatus> change)
    {
        lock (_lock)
            _status = change(_status);
    }

    /// <summary>The first that went wrong, in one line: what the client says of it is long.</summary>
    private static string ReasonOf(Exception failure)
    {
        var deepest = failure;
        while (deepest.InnerException is { } inner)
            deepest = inner;
        var text = failure.Message.Contains("WRONGPASS", StringComparison.Ordinal)
            || failure.Message.Contains("NOAUTH", StringComparison.Ordinal)
                ? "the server refuses the user or password"
                : deepest is RedisTimeoutException ? "the server does not answer in time"
                : deepest.Message.ReplaceLineEndings(" ");
        // What follows is of the client and no help.
        var detail = text.IndexOf(", mc: ", StringComparison.Ordinal);
        return detail > 0 ? text[..detail] : text.Length <= 300 ? text : text[..300];
    }
}
