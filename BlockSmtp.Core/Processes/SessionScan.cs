using System.Net;

namespace BlockSmtp.Processes;

/// <summary>Goes through the processes of the machine for sessions of the mail server; never yields a process that listens.</summary>
/// <param name="ends">The mail server's ends.</param>
/// <param name="time">The clock of <see cref="IdleObservations"/>.</param>
/// <param name="tablesOnly">Go about it as where pidfd_getfd(2) is not to be had.</param>
internal sealed class SessionScan(MailerEnds ends, TimeProvider time, bool tablesOnly)
{
    private readonly IdleObservations _observations = new(time);
    private readonly StallObservations _stalls = new(time);

    /// <summary>Finds the sessions of some hosts. All are found in one pass.</summary>
    /// <param name="peers">The hosts or networks.</param>
    /// <param name="notPermitted">How many processes could not be looked into.</param>
    public List<MailerSession> OfPeers(IReadOnlyCollection<IPNetwork> peers, out int notPermitted)
    {
        notPermitted = 0;
        var found = new List<MailerSession>();
        using var processes = ProcNumbers.Processes();
        while (processes.MoveNext())
        {
            if (TryOpenMailer(processes.Current) is not { } process || TryOpenSession(process, ref notPermitted) is not { } session)
                continue;
            if (peers.Any(network => network.Contains(session.Peer)))
                found.Add(session);
            else
                session.Dispose();
        }

        return found;
    }

    /// <summary>Finds the sessions that wait for a command while their client is silent.</summary>
    /// <param name="idleFor">For how long.</param>
    /// <param name="notPermitted">How many sendmails could not be looked into.</param>
    public List<MailerSession> OfSilentClients(TimeSpan idleFor, out int notPermitted)
    {
        // First the title, then the silence: what waited for a command then and has not got a byte since still waits.
        var found = OfSendmail<TitleMatch>(
            processId => ReadTitle(processId) is not TitleMatch.None and var title ? title : null,
            (session, title) => IsSilent(session, title, idleFor),
            out notPermitted);
        _observations.EndScan();
        return found;
    }

    /// <summary>Finds the sessions of sendmail that wait for their client while it sends next to nothing, whatever they wait for.</summary>
    /// <param name="within">In which time a client has to send something (<see cref="StallObservations"/>).</param>
    /// <param name="notPermitted">How many sendmails could not be looked into.</param>
    public List<MailerSession> OfStalledClients(TimeSpan within, out int notPermitted)
    {
        // Whose turn it is comes first: what the client has sent since then counts for it.
        var found = OfSendmail<int>(
            processId => BlockedCall.WaitsToReadFrom(processId) is >= 0 and var descriptor ? descriptor : null,
            (session, descriptor) => session.Connection.IsAt(session.Process, descriptor, ends)
                && session.Connection.Socket?.Progress() is { } progress && _stalls.Stalls(session.Process, progress, within),
            out notPermitted);
        _stalls.EndScan();
        return found;
    }

    /// <summary>Finds those sessions of sendmail that are wanted: the other mail servers have limits of their own.</summary>
    /// <param name="glance">What the process shows before its connection is looked for; null where it is not wanted.</param>
    /// <param name="isWanted">Tells by that and the connection.</param>
    /// <param name="notPermitted">How many could not be looked into.</param>
    private List<MailerSession> OfSendmail<T>(Func<int, T?> glance, Func<MailerSession, T, bool> isWanted, out int notPermitted)
        where T : struct
    {
        notPermitted = 0;
        var found = new List<MailerSession>();
        using var processes = ProcNumbers.Processes();
        while (processes.MoveNext())
        {
            if (TryOpenMailer(processes.Current) is not { } process)
                continue;
            if (process.Kind != MailerKind.Sendmail || glance(process.ProcessId) is not { } shown)
            {
                process.Dispose();
                continue;
            }

            if (TryOpenSession(process, ref notPermitted) is not { } session)
                continue;
            if (isWanted(session, shown))
                found.Add(session);
            else
                session.Dispose();
        }

        return found;
    }

    /// <summary>
    /// A process that is a mail server's; the name, which anyone may choose, is only the cheapest way to tell that it is none.
    /// </summary>
    private static MailerProcess? TryOpenMailer(int processId) =>
        ProcStatus.IsNamedMailer(processId) && MailerProcess.TryOpen(processId, out var process) == PeerLookupOutcome.Found
            ? process
            : null;

    private static TitleMatch ReadTitle(int processId)
    {
        Span<byte> buffer = stackalloc byte[CmdReadTitle.MaxLength];
        var commandLine = ProcFile.ReadAll(processId, "cmdline"u8, buffer);

        // More than fits can't be a title, so nothing is known of its end.
        return commandLine.Length == buffer.Length && commandLine[^1] != 0 ? TitleMatch.None : CmdReadTitle.Match(commandLine);
    }

    private bool IsSilent(MailerSession session, TitleMatch title, TimeSpan idleFor)
    {
        if (session.Connection.Socket?.SilentFor() is { } silence)
            return silence >= idleFor;

        // A cut title may stand for something else, and only the connection could prove otherwise.
        return title == TitleMatch.Whole && _observations.UnchangedFor(session.Process) >= idleFor;
    }

    /// <summary>Takes a process over; null, and the process is let go, when it serves no client of the mail server.</summary>
    private MailerSession? TryOpenSession(MailerProcess process, ref int notPermitted)
    {
        var outcome = MailerConnection.TryFind(process, ends, thoroughly: true, tablesOnly, out var connection);
        // Where the connection itself cannot be had, a process that must live is left alone.
        var isOutOfReach = outcome == PeerLookupOutcome.Found && connection!.Socket is null && process.Kind == MailerKind.Smtpd;
        if (outcome == PeerLookupOutcome.Found && !isOutOfReach)
            return new(process, connection!);
        if (isOutOfReach)
            notPermitted++;
        if (outcome == PeerLookupOutcome.NotPermitted)
            notPermitted++;
        process.Dispose();
        return null;
    }
}
