using Microsoft.Extensions.Logging;

namespace BlockSmtp.Processes;

/// <summary>
/// Whether a <see cref="SessionServer"/> answers; a change is said once, whichever of its client's connections has noticed it.
/// </summary>
internal sealed class SessionPresence(string path, ILogger logger)
{
    private int _away;

    public void Away(string reason)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
            ReaperLog.ServerAway(logger, path, reason);
    }

    public void Back()
    {
        if (Volatile.Read(ref _away) != 0 && Interlocked.Exchange(ref _away, 0) != 0)
            ReaperLog.ServerBack(logger, path);
    }
}
