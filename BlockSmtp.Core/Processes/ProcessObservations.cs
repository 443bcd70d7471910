namespace BlockSmtp.Processes;

/// <summary>Remembers from scan to scan what was seen of processes.</summary>
/// <typeparam name="T">What was seen.</typeparam>
internal sealed class ProcessObservations<T>
    where T : struct
{
    private readonly Dictionary<(int ProcessId, ulong StartTicks), (T Seen, int Scan)> _observations = [];
    private int _scan;

    public bool TryGet(MailerProcess process, out T seen)
    {
        var known = _observations.TryGetValue(KeyOf(process), out var observation);
        seen = observation.Seen;
        return known;
    }

    public void Keep(MailerProcess process, T seen) => _observations[KeyOf(process)] = (seen, _scan);

    /// <summary>Forgets the processes of which the scan that ends here has kept nothing.</summary>
    public void EndScan()
    {
        foreach (var (key, observation) in _observations)
        {
            if (observation.Scan != _scan)
                _observations.Remove(key);
        }

        _scan++;
    }

    private static (int, ulong) KeyOf(MailerProcess process) => (process.ProcessId, process.StartTicks);
}
