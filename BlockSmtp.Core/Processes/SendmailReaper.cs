using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Processes;

/// <summary>
/// Ends sessions of sendmail, Exim and Postfix: it shuts the connection down, so that sendmail logs its client and goes by itself; half a
/// second later come SIGTERM and, after as long again, SIGKILL. Only a process whose program is a sendmail or an Exim, that has an accepted
/// connection on the mail server's address and port and that listens nowhere is ever sent a signal, and only through a descriptor that
/// holds the process itself (pidfd_open(2), pidfd_send_signal(2), Linux 5.3). Exim is never sent SIGKILL. A smtpd of Postfix serves many
/// clients one after the other: it is never sent a signal, and of its descriptors only the blocked client's connection is shut down.
/// </summary>
/// <remarks>
/// Needs root or CAP_KILL, CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH. Without pidfd_getfd(2) (Linux 5.6, CAP_SYS_PTRACE) the
/// connection can't be shut down: SIGTERM comes first, and Postfix's sessions are left alone. Safe for use by several threads.
/// </remarks>
public sealed class SendmailReaper : IProcessReaper
{
    private readonly SessionScan _scan;
    private readonly SessionEnding _ending;
    private readonly ILogger _logger;
    private readonly Lock _silenceLock = new();
    private bool _saidNotPermitted;

    /// <summary>Creates a reaper.</summary>
    /// <param name="options">Which connections are the mail server's.</param>
    /// <param name="timeProvider">The clock for waiting; null for the system's.</param>
    /// <param name="logger">Told of each session that ends (events 1400 to 1499); null for none.</param>
    /// <exception cref="ArgumentException">An address or a port in the options that no connection can have.</exception>
    public SendmailReaper(SendmailProcessOptions options, TimeProvider? timeProvider = null, ILogger<SendmailReaper>? logger = null)
        : this(options, timeProvider, logger, tablesOnly: false)
    {
    }

    internal SendmailReaper(SendmailProcessOptions options, TimeProvider? timeProvider, ILogger<SendmailReaper>? logger, bool tablesOnly)
    {
        _scan = new SessionScan(new MailerEnds(options), timeProvider ?? TimeProvider.System, tablesOnly);
        _ending = new SessionEnding(timeProvider ?? TimeProvider.System);
        _logger = logger ?? NullLogger<SendmailReaper>.Instance;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The processes are gone through once, however many the peers. A session that is left after SIGKILL is not returned but logged.
    /// </remarks>
    public async ValueTask<IReadOnlyList<EndedSession>> EndSessionsAsync(
        IReadOnlyCollection<IPNetwork> peers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peers);
        if (peers.Count == 0)
            return [];
        return await EndAsync(
            () => (_scan.OfPeers(peers, out var count), count), "its host is blocked", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A session counts when its title in /proc/PID/cmdline says <c>cmd read</c> and nothing has gone over its connection,
    /// either way, for <paramref name="idleFor"/> (TCP_INFO, tcp(7)). So neither a message that is being sent nor a command
    /// that takes long is ever broken off. Where the connection can't be asked, the process must not have stirred between
    /// calls so far apart.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="idleFor"/> is not more than zero.</exception>
    public async ValueTask<IReadOnlyList<EndedSession>> EndStuckSessionsAsync(TimeSpan idleFor, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(idleFor, TimeSpan.Zero);
        return await EndAsync(
            () => InTurn(() => (_scan.OfSilentClients(idleFor, out var count), count)),
            "its client is silent",
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A session of sendmail counts when between calls so far apart its process was always found waiting for the client (/proc/PID/syscall,
    /// proc(5)), the server has said nothing, and the client has sent fewer than 100 bytes a second on the average (TCP_INFO, tcp(7)). So
    /// whatever it waits for counts, a command, a message or a TLS handshake, and the time that a milter or a delivery takes does not.
    /// Where the connection can't be asked, no session counts.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="within"/> is not more than zero.</exception>
    public async ValueTask<IReadOnlyList<EndedSession>> EndStalledSessionsAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        return await EndAsync(
            () => InTurn(() => (_scan.OfStalledClients(within, out var count), count)),
            "its client sends next to nothing",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Scans that remember something do so one after the other.</summary>
    private T InTurn<T>(Func<T> scan)
    {
        lock (_silenceLock)
            return scan();
    }

    private async Task<IReadOnlyList<EndedSession>> EndAsync(
        Func<(List<MailerSession> Sessions, int NotPermitted)> scan, string reason, CancellationToken cancellationToken)
    {
        // Some milliseconds of system calls: not on the thread that decides about the next line.
        var (sessions, notPermitted) = await Task.Run(scan, cancellationToken).ConfigureAwait(false);
        SayWhetherPermitted(notPermitted);
        return await EndAsync(sessions, reason, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<EndedSession>> EndAsync(
        List<MailerSession> sessions, string reason, CancellationToken cancellationToken)
    {
        try
        {
            var left = await _ending.EndAsync(sessions, cancellationToken).ConfigureAwait(false);
            foreach (var session in left)
                ReaperLog.NotEnded(_logger, session.ProcessId, session.Peer);

            var ended = new List<EndedSession>(sessions.Count);
            foreach (var session in sessions)
            {
                // One without means has ended before anything was done to it.
                if (session.Means is not { } means || left.Contains(session))
                    continue;
                ReaperLog.Ended(_logger, session.ProcessId, session.Peer, reason, means);
                ended.Add(new EndedSession(session.ProcessId, session.Peer, means));
            }

            return ended;
        }
        finally
        {
            foreach (var session in sessions)
                session.Dispose();
        }
    }

    /// <summary>Says so once, not at every scan.</summary>
    private void SayWhetherPermitted(int notPermitted)
    {
        if (notPermitted > 0 && !_saidNotPermitted)
            ReaperLog.NotPermitted(_logger, notPermitted);
        _saidNotPermitted = notPermitted > 0;
    }
}
