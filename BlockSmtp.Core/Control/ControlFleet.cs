using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace BlockSmtp.Control;

/// <summary>
/// The fleet as a daemon has it that speaks to nobody outside: a program beside it (<c>blocksmtp-fleet</c>) hears its words and tells it
/// those of others, through a control socket (<see cref="ControlServerOptions.Fleet"/>). Make it the engine's fleet. While nobody hears,
/// releases are kept for who comes, and blocks need not be: the engine has them.
/// </summary>
/// <param name="timeProvider">The clock; null for the machine's.</param>
public sealed class ControlFleet(TimeProvider? timeProvider = null) : IFleet
{
    private const int MostNews = 65_536;
    private const int MostReleases = 10_000;

    // Who hears no more is not there, and what is news for him would only take room.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Queue<News> _news = new();
    private readonly Dictionary<IPNetwork, News> _releases = [];
    private readonly Channel<Told> _told = Channel.CreateBounded<Told>(1);
    private TaskCompletionSource _hasNews = NewSource();
    private FleetStatus? _status;
    private long _last;
    private long _gone;
    private long _heardAt;
    private long _statusAt;

    // Classes: of each collection of a struct the program has code of its own.
    private sealed class News(long number, FleetWord word, long at)
    {
        public long Number => number;

        public FleetWord Word => word;

        public long At => at;
    }

    private sealed class Told(IReadOnlyList<FleetWord> words, TaskCompletionSource taken)
    {
        public IReadOnlyList<FleetWord> Words => words;

        public TaskCompletionSource Taken => taken;
    }

    /// <inheritdoc/>
    public FleetStatus Status
    {
        get
        {
            lock (_lock)
            {
                if (_status is null)
                    return new FleetStatus { Problem = "blocksmtp-fleet has not asked yet: does it run?" };
                var age = _time.GetElapsedTime(_statusAt);
                return age < Forgotten
                    ? _status
                    : _status with
                    {
                        IsConnected = false,
                        Problem = $"blocksmtp-fleet has not asked for {DurationText.Show(age)}: does it run?",
                    };
            }
        }
    }

    /// <inheritdoc/>
    public void Announce(FleetWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        lock (_lock)
        {
            var news = new News(++_last, word, _time.GetTimestamp());
            if (word.Kind == FleetWordKind.Release && _releases.Count < MostReleases)
                _releases[word.Network] = news;
            else if (word.Kind == FleetWordKind.Block)
                _releases.Remove(word.Network);
            if (_heardAt == 0 || _time.GetElapsedTime(_heardAt) > Forgotten || _news.Count >= MostNews)
            {
                _news.Clear();
                _gone = _last;
                return;
            }

            _news.Enqueue(news);
            _hasNews.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<FleetWord>> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var told = await _told.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                yield return told.Words;
            }
            finally
            {
                told.Taken.TrySetResult();
            }
        }
    }

    /// <summary>What is new; waits a while for something.</summary>
    /// <param name="after">The number of what the caller has heard last; all before it is done with. 0 for none: then it
    /// hears what is in force.</param>
    /// <param name="inForce">Asks the engine for its blocks.</param>
    /// <param name="longest">How long to wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<FleetNews> HearAsync(
        long after, Func<IReadOnlyList<Block>> inForce, TimeSpan longest, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            Task hasNews;
            lock (_lock)
            {
                _heardAt = _time.GetTimestamp();
                if (after <= 0 || after < _gone || after > _last)
                    break;
                Forget(after);
                if (_news.Count > 0 || !isFirst)
                    return new FleetNews
                    {
                        Words = [.. _news.Select(Now)],
                        Last = _news.Count > 0 ? _news.Last().Number : after,
                        IsWhole = false,
                    };
                _hasNews = NewSource();
                hasNews = _hasNews.Task;
            }

            await hasNews.WaitAsync(longest, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return HearAll(inForce);
    }

    /// <summary>Tells the engine what others have said; ends when it has taken it.</summary>
    internal async Task TellAsync(IReadOnlyList<FleetWord> words, FleetStatus? status, CancellationToken cancellationToken)
    {
        if (status is not null)
        {
            lock (_lock)
                (_status, _statusAt) = (Plain(status), _time.GetTimestamp());
        }

        if (words.Count == 0)
            return;
        var told = new Told(words, NewSource());
        await _told.Writer.WriteAsync(told, cancellationToken).ConfigureAwait(false);
        await told.Taken.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whoever tells may be mistaken: what is not there is nothing.</summary>
    private static FleetStatus Plain(FleetStatus status) => status with
    {
        Node = status.Node ?? "",
        Hosts = [.. (status.Hosts ?? []).Where(host => host?.Node is not null).Take(1_000)],
    };

    private FleetNews HearAll(Func<IReadOnlyList<Block>> inForce)
    {
        long last;
        lock (_lock)
            last = _last = Math.Max(_last, 1);
        // Without the lock, for which the engine may wait in its turn. What is said meanwhile comes once more, as news.
        var blocks = inForce();
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            List<FleetWord> words = [.. _releases.Values.Select(Now)];
            while (_news.TryPeek(out var oldest) && oldest.Number <= last)
            {
                if (oldest.Word.IsFact)
                    words.Add(Now(oldest));
                _news.Dequeue();
            }

            _gone = Math.Max(_gone, last);
            words.AddRange(blocks.Where(block => block.Node is null).Select(block => new FleetWord("", FleetWordKind.Block, block.Network)
            {
                Left = block.Until - now,
                Offenses = block.Offenses,
                Reason = block.Reason,
            }));
            return new FleetNews { Words = words, Last = last, IsWhole = true };
        }
    }

    private void Forget(long upTo)
    {
        while (_news.TryPeek(out var oldest) && oldest.Number <= upTo)
            _gone = _news.Dequeue().Number;
        foreach (var (network, release) in _releases)
        {
            if (release.Number <= upTo)
                _releases.Remove(network);
        }
    }

    private FleetWord Now(News news) => news.Word.Later(_time.GetElapsedTime(news.At));
}
