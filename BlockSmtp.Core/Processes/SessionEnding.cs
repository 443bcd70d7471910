namespace BlockSmtp.Processes;

/// <summary>Ends sessions, all at once: gently, then with SIGTERM, then with SIGKILL, each as far as the one before did not do.</summary>
internal sealed class SessionEnding(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(32);

    // A sendmail that sleeps for a second in its throttle (BadRcptThrottle) is waited for: when it ends by itself it logs what the
    // transaction was, which may take the block back. Its client hears nothing more meanwhile.
    private static readonly TimeSpan PatienceForThrottle = TimeSpan.FromMilliseconds(1250);

    /// <summary>How long the sessions have for each signal.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends sessions.</summary>
    /// <returns>Those that are left after all; the others have ended by their <see cref="MailerSession.Means"/>.</returns>
    public async Task<List<MailerSession>> EndAsync(IReadOnlyList<MailerSession> sessions, CancellationToken cancellationToken)
    {
        var left = new List<MailerSession>(sessions);
        foreach (var session in left)
            session.ShutDown();

        if (left.Exists(session => session.Means == SessionEnd.Shutdown))
            await WaitAsync(left, PatienceForThrottle, cancellationToken).ConfigureAwait(false);
        foreach (var means in new[] { SessionEnd.Terminated, SessionEnd.Killed })
        {
            if (left.Count == 0)
                break;
            foreach (var session in left)
                session.Signal(means);
            await WaitAsync(left, Patience, cancellationToken).ConfigureAwait(false);
        }

        return left;
    }

    /// <summary>
    /// Waits until none is left or the patience is over, and takes those that have ended from the list. Short sleeps between
    /// looks take no thread; most sessions are gone at the second look.
    /// </summary>
    private async Task WaitAsync(List<MailerSession> left, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            left.RemoveAll(session => session.HasEnded);
            if (left.Count == 0 || time.GetElapsedTime(start) >= patience)
                return;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
