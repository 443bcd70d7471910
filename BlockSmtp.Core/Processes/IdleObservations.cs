namespace BlockSmtp.Processes;

/// <summary>
/// Remembers from scan to scan which processes have not stirred: a sendmail that gets a command goes to sleep once more
/// after it. For where the connection can't be asked how long it has been silent.
/// </summary>
internal sealed class IdleObservations(TimeProvider time)
{
    private readonly Dictionary<(int ProcessId, ulong StartTicks), Observation> _observations = [];
    private int _scan;

    /// <summary>For how long the process has not stirred, as far as seen; zero when first seen.</summary>
    public TimeSpan UnchangedFor(MailerProcess process)
    {
        // One that is awake just now may not have counted yet: it is left out, and so forgotten.
        if (ProcStatus.VoluntarySwitches(process.ProcessId) is not { } switches)
            return TimeSpan.Zero;
        var key = (process.ProcessId, process.StartTicks);
        var known = _observations.TryGetValue(key, out var observation) && observation.Switches == switches;
        observation = new(switches, known ? observation.Since : time.GetTimestamp(), _scan);
        _observations[key] = observation;
        return known ? time.GetElapsedTime(observation.Since) : TimeSpan.Zero;
    }

    /// <summary>Forgets what the scan that ends here has not seen.</summary>
    public void EndScan()
    {
        foreach (var (key, observation) in _observations)
        {
            if (observation.Scan != _scan)
                _observations.Remove(key);
        }

        _scan++;
    }

    private readonly record struct Observation(long Switches, long Since, int Scan);
}
