namespace BlockSmtp.Processes;

/// <summary>
/// Finds the client of a live process of sendmail or Exim by the connection that the process has open. The cost does not grow with the
/// connections or processes of the machine: the process is held by a descriptor and asked for its sockets
/// (pidfd_open(2), pidfd_getfd(2), Linux 5.6), so a recycled process number can't mislead. Where the kernel or the permissions
/// do not allow that, /proc/PID/fd is compared with /proc/PID/net/tcp and tcp6.
/// </summary>
/// <remarks>
/// Needs root or CAP_SYS_PTRACE. The client is found even after it has reset the connection, as long as the process lives.
/// Safe for use by several threads.
/// </remarks>
public sealed class SendmailPeerLookup : IPeerLookup
{
    /// <summary>A syslog stamp has whole seconds, and the start of a process is known to 10 ms.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly MailerEnds _ends;
    private readonly TimeProvider _time;
    private readonly bool _tablesOnly;

    /// <summary>Creates a look-up.</summary>
    /// <param name="options">Which connections are the mail server's.</param>
    /// <param name="timeProvider">The time of day, which <c>startedBefore</c> is compared with; null for the system's.</param>
    /// <exception cref="ArgumentException">An address or a port in the options that no connection can have.</exception>
    public SendmailPeerLookup(SendmailProcessOptions options, TimeProvider? timeProvider = null)
        : this(options, timeProvider, tablesOnly: false)
    {
    }

    internal SendmailPeerLookup(SendmailProcessOptions options, TimeProvider? timeProvider, bool tablesOnly)
    {
        _ends = new MailerEnds(options);
        _time = timeProvider ?? TimeProvider.System;
        _tablesOnly = tablesOnly;
    }

    /// <inheritdoc/>
    public PeerLookupResult FindPeer(int processId, DateTimeOffset? startedBefore)
    {
        var outcome = MailerProcess.TryOpen(processId, out var process);
        if (outcome != PeerLookupOutcome.Found)
            return PeerLookupResult.NotFound(outcome);
        using (process)
        {
            // Postfix's lines name their client, and a smtpd may serve another by now.
            if (process!.Kind == MailerKind.Smtpd)
                return PeerLookupResult.NotFound(PeerLookupOutcome.NotTheMailer);
            if (startedBefore is { } limit && ProcStatus.ToTime(process.StartTicks, _time.GetUtcNow()) > limit + Tolerance)
                return PeerLookupResult.NotFound(PeerLookupOutcome.NotTheMailer);

            outcome = MailerConnection.TryFind(process, _ends, thoroughly: false, _tablesOnly, out var connection);
            using (connection)
                return connection is null ? PeerLookupResult.NotFound(outcome) : PeerLookupResult.Found(connection.Peer.ToAddress());
        }
    }
}
