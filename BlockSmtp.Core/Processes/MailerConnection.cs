namespace BlockSmtp.Processes;

/// <summary>The connection that a process of a mail server serves.</summary>
internal sealed class MailerConnection : IDisposable
{
    // A sendmail has the connection at 1, 4 and 8, or 7 when one listener takes IPv4 and IPv6 (seen with 8.17).
    private static readonly int[] UsualDescriptors = [1, 4, 8, 7];

    // A session has about a dozen. Where there are more than these it is no session.
    private const int MaxDescriptors = 1024;

    private MailerConnection(TcpEnd peer, MailerSocket? socket)
    {
        Peer = peer;
        Socket = socket;
    }

    public TcpEnd Peer { get; }

    /// <summary>The connection itself; null where it was only seen in the kernel's tables.</summary>
    public MailerSocket? Socket { get; }

    /// <summary>Finds the connection of a process.</summary>
    /// <param name="process">The process.</param>
    /// <param name="ends">The mail server's ends.</param>
    /// <param name="thoroughly">
    /// Look at every descriptor, and take none of a process that listens (a smtpd of Postfix always does): for those who mean harm.
    /// Otherwise the first connection is the answer.
    /// </param>
    /// <param name="tablesOnly">Go about it as where pidfd_getfd(2) is not to be had.</param>
    /// <param name="connection">The connection, for <see cref="PeerLookupOutcome.Found"/>; the caller's to dispose of.</param>
    public static PeerLookupOutcome TryFind(
        MailerProcess process, MailerEnds ends, bool thoroughly, bool tablesOnly, out MailerConnection? connection)
    {
        connection = null;
        if (tablesOnly || process.Handle is null)
            return TryFindInTables(process, ends, thoroughly, out connection);

        var outcome = ConnectionSearch.None;
        foreach (var descriptor in UsualDescriptors)
        {
            outcome = Look(process, descriptor, ends, ref connection);
            if (outcome != ConnectionSearch.None)
                break;
        }

        if (outcome == ConnectionSearch.None || (outcome == ConnectionSearch.Found && thoroughly))
            outcome = LookAtAll(process, ends, thoroughly, ref connection);
        if (outcome != ConnectionSearch.Found)
        {
            connection?.Dispose();
            connection = null;
        }

        return outcome switch
        {
            // EPERM comes from a security module, Yama or a container; the tables ask for less.
            ConnectionSearch.NotPermitted => TryFindInTables(process, ends, thoroughly, out connection),
            ConnectionSearch.Found => PeerLookupOutcome.Found,
            ConnectionSearch.NoProcess => PeerLookupOutcome.NoProcess,
            // The daemon that listens is a mailer, but serves nobody.
            _ => PeerLookupOutcome.NoConnection,
        };
    }

    /// <summary>Whether a descriptor of the process is this connection.</summary>
    public bool IsAt(MailerProcess process, int descriptor, MailerEnds ends)
    {
        var copy = process.Handle?.Duplicate(descriptor, out _) ?? -1;
        if (copy < 0)
            return false;
        using var socket = new MailerSocket(copy);
        return socket.Examine(ends, out var peer) == MailerSocketKind.Connection && peer == Peer;
    }

    public void Dispose() => Socket?.Dispose();

    private static ConnectionSearch LookAtAll(MailerProcess process, MailerEnds ends, bool thoroughly, ref MailerConnection? connection)
    {
        Span<byte> link = stackalloc byte[16];
        using var descriptors = ProcNumbers.Descriptors(process.ProcessId, out var error);
        if (error != 0)
            return process.IsAlive ? ConnectionSearch.NotPermitted : ConnectionSearch.NoProcess;
        for (var count = 0; descriptors.MoveNext(); count++)
        {
            if (count == MaxDescriptors)
                return ConnectionSearch.None;

            // Only sockets are fetched: closing our copy of a file on a dead network mount could block.
            var target = ProcFile.ReadLink(process.ProcessId, "fd"u8, link, out _, descriptors.Current);
            if (!target.StartsWith("socket:"u8))
                continue;
            var outcome = Look(process, descriptors.Current, ends, ref connection);
            if (outcome is ConnectionSearch.NoProcess or ConnectionSearch.NotPermitted or ConnectionSearch.Listens)
                return outcome;
            if (outcome == ConnectionSearch.Found && !thoroughly)
                return outcome;
        }

        return connection is null ? ConnectionSearch.None : ConnectionSearch.Found;
    }

    /// <summary>Looks at one descriptor.</summary>
    private static ConnectionSearch Look(MailerProcess process, int descriptor, MailerEnds ends, ref MailerConnection? connection)
    {
        var copy = process.Handle!.Duplicate(descriptor, out var error);
        if (copy < 0)
        {
            // The process may run and close descriptors meanwhile: EBADF only means that this one is none.
            return error switch
            {
                ProcessCalls.EBADF => ConnectionSearch.None,
                ProcessCalls.ESRCH => ConnectionSearch.NoProcess,
                _ => ConnectionSearch.NotPermitted,
            };
        }

        var socket = new MailerSocket(copy);
        var kind = socket.Examine(ends, out var peer);
        if (kind == MailerSocketKind.Connection && connection is null)
            connection = new(peer, socket);
        else
            socket.Dispose();
        return kind switch
        {
            MailerSocketKind.Connection => ConnectionSearch.Found,
            MailerSocketKind.Listener when process.Kind != MailerKind.Smtpd => ConnectionSearch.Listens,
            _ => ConnectionSearch.None,
        };
    }

    private static PeerLookupOutcome TryFindInTables(
        MailerProcess process, MailerEnds ends, bool thoroughly, out MailerConnection? connection)
    {
        var outcome = SocketTables.TryFindPeer(process.ProcessId, ends, thoroughly, out var peer);

        // All that was read has the number for its only link to the process: it must be the same before and after.
        if (ProcStatus.StartTicks(process.ProcessId) != process.StartTicks || !process.IsAlive)
            outcome = PeerLookupOutcome.NoProcess;
        connection = outcome == PeerLookupOutcome.Found ? new(peer, null) : null;
        return outcome;
    }
}
