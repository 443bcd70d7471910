using System.Net;

namespace BlockSmtp.Fleet;

/// <summary>
/// The latest word of this host on each network, until it is over: to be said, and said again when the server has lost it. May be used by
/// any thread. Bounded by what an engine blocks.
/// </summary>
internal sealed class OwnWords(TimeProvider time)
{
    // More than an engine has blocks; beyond it releases, which others would miss least, are not kept.
    private const int Most = 300_000;

    // What was written down on the way may be so much off.
    private static readonly TimeSpan Alike = TimeSpan.FromSeconds(5);

    // Two words one right after the other are as old as one another, give or take what clocks differ by.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPNetwork, Own> _words = [];
    private readonly Queue<IPNetwork> _waiting = new();

    // Said, but not known to have arrived: they wait as well.
    private readonly HashSet<Own> _said = [];

    private sealed class Own(FleetWord word, long at)
    {
        public FleetWord Word { get; } = word;

        public long At { get; } = at;

        /// <summary>The server has answered that it has it.</summary>
        public bool IsConfirmed { get; set; }

        /// <summary>It was read there, so that whoever has what was read last has it, too.</summary>
        public bool IsRead { get; set; }
    }

    /// <summary>A word with what it takes to confirm it.</summary>
    public readonly record struct Pending(FleetWord Word, object Token);

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count + _said.Count;
        }
    }

    public void Add(FleetWord word)
    {
        lock (_lock)
        {
            var isWaiting = _words.TryGetValue(word.Network, out var former) && !former.IsConfirmed;
            // An engine that was started again says anew what is in force.
            if (former is { IsConfirmed: true, Word.Kind: FleetWordKind.Block }
                && word.Kind == FleetWordKind.Block
                && (Now(former).Left - word.Left).Duration() <= Alike)
                return;
            if (former is null && _words.Count >= Most)
            {
                Sweep();
                if (_words.Count >= Most)
                    return;
            }

            _words[word.Network] = new Own(BlockEntry.AsRead(word), time.GetTimestamp());
            if (!isWaiting)
                _waiting.Enqueue(word.Network);
        }
    }

    /// <summary>Takes words to be said. Until they are confirmed they wait, and <see cref="StartOver"/> has them taken again.</summary>
    public List<Pending> Take(int most)
    {
        List<Pending> taken = [];
        lock (_lock)
        {
            while (taken.Count < most && _waiting.TryDequeue(out var network))
            {
                if (!_words.TryGetValue(network, out var own) || own.IsConfirmed)
                    continue;
                var word = Now(own);
                if (word.Kind == FleetWordKind.Block && word.Left <= TimeSpan.Zero)
                {
                    _words.Remove(network);
                }
                else
                {
                    taken.Add(new Pending(word, own));
                    _said.Add(own);
                }
            }
        }

        return taken;
    }

    /// <summary>The server has it. False when another word on the same network has come meanwhile, which waits again.</summary>
    public bool Confirm(Pending pending)
    {
        lock (_lock)
        {
            _said.Remove((Own)pending.Token);
            if (!_words.TryGetValue(pending.Word.Network, out var own))
                return true;
            if (!ReferenceEquals(own, pending.Token))
            {
                _waiting.Enqueue(pending.Word.Network);
                return false;
            }

            own.IsConfirmed = true;
            return true;
        }
    }

    /// <summary>
    /// A word of ours was read on the server: it may be what waits here, said by a call whose answer never came, or that of an earlier run,
    /// whose engine will say it once more.
    /// </summary>
    public void ConfirmRead(FleetWord read)
    {
        lock (_lock)
        {
            if (!_words.TryGetValue(read.Network, out var own))
            {
                if (read.Kind == FleetWordKind.Block && read.Left > TimeSpan.Zero && _words.Count < Most)
                    _words[read.Network] = Read(read);
                return;
            }

            var now = Now(own);
            if (own.IsConfirmed)
            {
                if (read.Kind == FleetWordKind.Block && read.Age < now.Age)
                    _words[read.Network] = Read(read);
                else if (read.Kind == FleetWordKind.Block
                    && own.Word.Kind == FleetWordKind.Block
                    && (read.Left - now.Left).Duration() <= Alike)
                    own.IsRead = true;
                else if (read.Kind == FleetWordKind.Release && read.Age <= now.Age + Moment)
                    _words.Remove(read.Network);
                return;
            }

            if (own.Word.Kind != read.Kind)
                return;
            if (read.Kind == FleetWordKind.Block ? (read.Left - now.Left).Duration() <= Alike : read.Age <= now.Age + Alike)
                SettleRead(read.Network, own);
        }
    }

    /// <summary>Whether our own release of a network waits that is later than a word of somebody else's.</summary>
    public bool HasLaterRelease(FleetWord other)
    {
        lock (_lock)
        {
            return _words.TryGetValue(other.Network, out var own)
                && !own.IsConfirmed
                && own.Word is { Kind: FleetWordKind.Release, IsUnfounded: false }
                && Now(own).Age < other.Age;
        }
    }

    /// <summary>Another host has released it: it is not to be said again.</summary>
    public void Forget(FleetWord release)
    {
        lock (_lock)
        {
            if (!release.IsUnfounded
                && _words.TryGetValue(release.Network, out var own)
                && own.Word.Kind == FleetWordKind.Block
                && Now(own).Age >= release.Age)
                _words.Remove(release.Network);
        }
    }

    /// <summary>
    /// A new connection: a server that has followed another one may lack the last words that were confirmed, though it has what was read
    /// before them. They are to be read or said again.
    /// </summary>
    public void DoubtUnread()
    {
        lock (_lock)
        {
            foreach (var own in _words.Values)
                own.IsConfirmed &= own.IsRead;
        }
    }

    /// <summary>A new connection: what was said by the last one and not confirmed waits again.</summary>
    public void StartOver()
    {
        lock (_lock)
        {
            Sweep();
            _waiting.Clear();
            _said.Clear();
            foreach (var (network, own) in _words)
            {
                if (!own.IsConfirmed)
                    _waiting.Enqueue(network);
            }
        }
    }

    /// <summary>The server has lost what it had: all of it waits again.</summary>
    /// <returns>How many.</returns>
    public int Doubt()
    {
        lock (_lock)
        {
            foreach (var own in _words.Values)
                (own.IsConfirmed, own.IsRead) = (false, false);
            StartOver();
            return _waiting.Count;
        }
    }

    /// <summary>Forgets what is over.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            foreach (var (network, own) in _words)
            {
                if (own.Word.Kind == FleetWordKind.Block && Now(own).Left <= TimeSpan.Zero)
                    _words.Remove(network);
            }
        }
    }

    private FleetWord Now(Own own) => own.Word.Later(time.GetElapsedTime(own.At));

    private Own Read(FleetWord word) => new(word, time.GetTimestamp()) { IsConfirmed = true, IsRead = true };

    private void SettleRead(IPNetwork network, Own own)
    {
        if (own.Word.Kind == FleetWordKind.Block)
            (own.IsConfirmed, own.IsRead) = (true, true);
        else
            _words.Remove(network);
    }
}
