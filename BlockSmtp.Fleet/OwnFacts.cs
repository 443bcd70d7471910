namespace BlockSmtp.Fleet;

/// <summary>
/// What this host has seen and the others have not been told: of too many, the latest. Each has a number, by which others know it when it
/// is told twice. May be used by any thread.
/// </summary>
internal sealed class OwnFacts(TimeProvider time)
{
    private const int Most = 65_536;

    private readonly Lock _lock = new();
    private readonly Queue<(FleetWord Word, long At)> _waiting = new();
    private long _first = 1;

    /// <summary>How many were given up.</summary>
    public long Dropped { get; private set; }

    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public void Add(FleetWord fact)
    {
        lock (_lock)
        {
            if (_waiting.Count == Most)
            {
                _waiting.Dequeue();
                _first++;
                Dropped++;
            }

            _waiting.Enqueue((fact, time.GetTimestamp()));
        }
    }

    /// <summary>The oldest that wait, as they are now, with the number of the first.</summary>
    public (long First, FleetWord[] Facts) Peek(int most)
    {
        lock (_lock)
            return (_first, [.. _waiting.Take(most).Select(fact => fact.Word.Later(time.GetElapsedTime(fact.At)))]);
    }

    /// <summary>All before a number have arrived.</summary>
    public void RemoveBefore(long number)
    {
        lock (_lock)
        {
            while (_first < number && _waiting.TryDequeue(out _))
                _first++;
        }
    }
}
