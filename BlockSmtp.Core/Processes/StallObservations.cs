namespace BlockSmtp.Processes;

/// <summary>
/// Remembers from scan to scan how far the clients were that are waited for: whose turn it is and who has sent less than
/// <see cref="BytesPerSecond"/> in all of a time, without an answer from the server in it, stalls.
/// </summary>
internal sealed class StallObservations(TimeProvider time)
{
    /// <summary>
    /// What a client has to bring on the average. Postfix asks for five times as much (smtpd_min_data_rate, postconf(5)); so little that
    /// nobody's mail is lost who has a bad line, and enough that who sends a byte now and then is not taken for one.
    /// </summary>
    public const int BytesPerSecond = 100;

    private readonly ProcessObservations<Observation> _observations = new();

    /// <summary>Whether a client stalls.</summary>
    /// <param name="process">The process that waits for it.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="within">In which time it has to bring so much.</param>
    public bool Stalls(MailerProcess process, SocketProgress progress, TimeSpan within)
    {
        var enough = Math.Max(1, (ulong)(within.TotalSeconds * BytesPerSecond));
        var known = _observations.TryGet(process, out var observation);
        var elapsed = known ? time.GetElapsedTime(observation.Since) : TimeSpan.Zero;

        // What it brought before an answer was for that; after one it has all of the time anew.
        if (!known || progress.AnsweredAgo < elapsed || progress.Received - observation.Received >= enough)
            observation = new(progress.Received, time.GetTimestamp());
        else if (elapsed >= within)
            return true;
        _observations.Keep(process, observation);
        return false;
    }

    /// <summary>
    /// Forgets whom the scan that ends here has not found waiting: the time when the server is at work is not the client's.
    /// </summary>
    public void EndScan() => _observations.EndScan();

    private readonly record struct Observation(ulong Received, long Since);
}
