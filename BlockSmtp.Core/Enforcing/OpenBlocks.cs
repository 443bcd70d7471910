using System.Net;
using BlockSmtp.Collections;

namespace BlockSmtp.Enforcing;

/// <summary>
/// The blocked of whom it is not known that the firewall drops their packets: the new ones, those that were new a round ago, and those
/// who have offended although they are blocked.
/// </summary>
internal sealed class OpenBlocks
{
    private const int ManyYoung = 10_000;

    private readonly Lock _lock = new();
    private readonly WakeUp _some = new();
    private readonly HashSet<IPNetwork> _doubted = [];
    private HashSet<IPNetwork> _young = [];
    private HashSet<IPNetwork> _late = [];
    private bool _isInDoubt;

    /// <summary>Whether there are any.</summary>
    public bool HasAny
    {
        get
        {
            lock (_lock)
                return _young.Count + _late.Count + _doubted.Count > 0;
        }
    }

    /// <summary>Whether blocked hosts have offended since the firewall was looked at last.</summary>
    public bool IsInDoubt
    {
        get
        {
            lock (_lock)
                return _isInDoubt;
        }
    }

    public void Add(IPNetwork network)
    {
        lock (_lock)
            _young.Add(network);
        _some.Set();
    }

    /// <summary>It is blocked no more.</summary>
    public void Remove(IPNetwork network)
    {
        lock (_lock)
            Close(network);
    }

    /// <summary>So many are to come: room for them is made once.</summary>
    public void Expect(int count)
    {
        lock (_lock)
            _young.EnsureCapacity(_young.Count + count);
    }

    /// <summary>Somebody in a network has offended although it is blocked.</summary>
    /// <returns>Whether he is the first since the firewall was looked at.</returns>
    public bool TryDoubt(IPNetwork network)
    {
        lock (_lock)
        {
            if (_doubted.Add(network))
                _some.Set();
            var isFirst = !_isInDoubt;
            _isInDoubt = true;
            return isFirst;
        }
    }

    /// <summary>The firewall is looked at now: what comes later is new doubt.</summary>
    public void TakeDoubt()
    {
        lock (_lock)
            _isInDoubt = false;
    }

    /// <summary>Packets of these are dropped.</summary>
    /// <returns>Those of them who have offended meanwhile: they have sessions that the block has not ended.</returns>
    public IReadOnlyCollection<IPNetwork> OnDropped(IReadOnlyCollection<IPNetwork> networks)
    {
        lock (_lock)
        {
            IPNetwork[] doubted = [.. networks.Where(_doubted.Contains)];
            foreach (var network in networks)
                Close(network);
            // Of a start with many, no room for so many is left behind.
            if (_young.Count == 0 && _young.Capacity > ManyYoung)
                _young = [];
            return doubted;
        }
    }

    /// <summary>
    /// Takes those whose packets are still not dropped after a round, and those of whom that is clear; what is new comes in the next.
    /// </summary>
    public IReadOnlyCollection<IPNetwork> TakeLate()
    {
        lock (_lock)
        {
            var late = _late;
            late.UnionWith(_doubted);
            _doubted.Clear();
            (_late, _young) = (_young, []);
            return late;
        }
    }

    /// <summary>Ends when there may be some.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _some.WaitAsync(cancellationToken);

    private void Close(IPNetwork network)
    {
        _young.Remove(network);
        _late.Remove(network);
        _doubted.Remove(network);
    }
}
