using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace BlockSmtp.Testing;

/// <summary>
/// A fleet in memory, for tests of what is done with one: several engines of one process are its hosts. It does what
/// <see cref="FleetConformance"/> asks for, and its server can be away.
/// </summary>
/// <param name="timeProvider">The clock; null for the machine's.</param>
public sealed class MemoryFleet(TimeProvider? timeProvider = null)
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly List<Said> _stream = [];
    private readonly List<Host> _hosts = [];
    private bool _isAway;

    private readonly record struct Said(FleetWord Word, long At);

    /// <summary>Whether the server is away: then nobody hears anything until it is back.</summary>
    public bool IsAway
    {
        get
        {
            lock (_lock)
                return _isAway;
        }
        set
        {
            lock (_lock)
            {
                _isAway = value;
                if (value)
                    return;
                foreach (var host in _hosts)
                    host.Return();
            }
        }
    }

    /// <summary>Loses all that the server has kept. Every host says again what it has blocked.</summary>
    public void Wipe()
    {
        lock (_lock)
        {
            _stream.Clear();
            foreach (var host in _hosts)
                host.SayAllAgain();
        }
    }

    /// <summary>Joins a host.</summary>
    /// <param name="node">Its name.</param>
    /// <returns>The fleet as the host has it.</returns>
    public IFleet Join(string node)
    {
        lock (_lock)
        {
            var host = new Host(this, node);
            _hosts.Add(host);
            return host;
        }
    }

    private FleetWord Now(Said said) => said.Word.Later(_time.GetElapsedTime(said.At));

    private void Append(Host from, Said said)
    {
        if (!said.Word.IsFact)
            _stream.Add(said);
        foreach (var host in _hosts)
        {
            if (host != from)
                host.Hear([Now(said)]);
        }
    }

    private sealed class Host(MemoryFleet fleet, string node) : IFleet
    {
        private readonly Dictionary<IPNetwork, Said> _own = [];
        private readonly List<Said> _waiting = [];
        private Channel<IReadOnlyList<FleetWord>>? _listening;
        private bool _isToHearAll;
        private long _said;
        private long _heard;

        public FleetStatus Status
        {
            get
            {
                lock (fleet._lock)
                {
                    return new FleetStatus
                    {
                        Node = node,
                        IsConnected = !fleet._isAway,
                        Problem = fleet._isAway ? "the server is away" : null,
                        Waiting = _waiting.Count,
                        Said = _said,
                        Heard = _heard,
                        Hosts = [.. fleet._hosts.Select(host => new FleetHost(host.Node, TimeSpan.Zero))],
                    };
                }
            }
        }

        private string Node => node;

        public void Announce(FleetWord word)
        {
            lock (fleet._lock)
            {
                var said = new Said(word with { Node = node }, fleet._time.GetTimestamp());
                if (!word.IsFact)
                    _own[word.Network] = said;
                if (!fleet._isAway)
                {
                    Say(said);
                    return;
                }

                if (!word.IsFact)
                    _waiting.RemoveAll(other => !other.Word.IsFact && other.Word.Network.Equals(word.Network));
                _waiting.Add(said);
            }
        }

        public async IAsyncEnumerable<IReadOnlyList<FleetWord>> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var listening = Channel.CreateUnbounded<IReadOnlyList<FleetWord>>();
            lock (fleet._lock)
            {
                _listening = listening;
                _isToHearAll = true;
                HearAll();
            }

            await foreach (var words in listening.Reader.ReadAllAsync(cancellationToken))
                yield return words;
        }

        public void Return()
        {
            HearAll();
            foreach (var said in _waiting)
                Say(said);
            _waiting.Clear();
        }

        public void SayAllAgain()
        {
            foreach (var (_, said) in _own)
            {
                if (said.Word.Kind != FleetWordKind.Block || fleet.Now(said).Left <= TimeSpan.Zero)
                    continue;
                if (!fleet._isAway)
                    fleet.Append(this, said);
                else if (!_waiting.Contains(said))
                    _waiting.Add(said);
            }
        }

        public void Hear(FleetWord[] words)
        {
            if (_listening is null || _isToHearAll)
                return;
            _heard += words.Length;
            _listening.Writer.TryWrite(words);
        }

        private void Say(Said said)
        {
            _said++;
            fleet.Append(this, said);
        }

        private void HearAll()
        {
            if (fleet._isAway || !_isToHearAll)
                return;
            _isToHearAll = false;
            var last = new Dictionary<IPNetwork, Said>();
            foreach (var said in fleet._stream)
                last[said.Word.Network] = said;
            FleetWord[] words = [.. last.Values.Where(said => said.Word.Node != node).Select(fleet.Now).Where(word =>
                word.Kind == FleetWordKind.Release || word.Left > TimeSpan.Zero)];
            if (words.Length > 0)
                Hear(words);
        }
    }
}
