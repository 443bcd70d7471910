namespace BlockSmtp.Processes;

/// <summary>
/// Remembers from scan to scan which processes have not stirred: a sendmail that gets a command goes to sleep once more
/// after it. For where the connection can't be asked how long it has been silent.
/// </summary>
internal sealed class IdleObservations(TimeProvider time)
{
    private readonly ProcessObservations<Observation> _observations = new();

    /// <summary>For how long the process has not stirred, as far as seen; zero when first seen.</summary>
    public TimeSpan UnchangedFor(MailerProcess process)
    {
        // One that is awake just now may not have counted yet: it is left out, and so forgotten.
        if (ProcStatus.VoluntarySwitches(process.ProcessId) is not { } switches)
            return TimeSpan.Zero;
        var known = _observations.TryGet(process, out var observation) && observation.Switches == switches;
        observation = new(switches, known ? observation.Since : time.GetTimestamp());
        _observations.Keep(process, observation);
        return known ? time.GetElapsedTime(observation.Since) : TimeSpan.Zero;
    }

    /// <summary>Forgets what the scan that ends here has not seen.</summary>
    public void EndScan() => _observations.EndScan();

    private readonly record struct Observation(long Switches, long Since);
}
