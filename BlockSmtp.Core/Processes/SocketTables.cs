using System.Buffers;
using System.Buffers.Text;

namespace BlockSmtp.Processes;

/// <summary>
/// Finds the connection of a process by the numbers of its sockets (/proc/PID/fd) in the tables of all connections in its
/// network namespace (/proc/PID/net/tcp and tcp6, proc(5)). The kernel walks its whole hash table for each: milliseconds, and more
/// with every connection of the machine.
/// </summary>
internal static class SocketTables
{
    private const int MaxSockets = 256;

    // A line is about 150 bytes and the kernel hands out whole lines up to a page.
    private const int BufferLength = 16 * 1024;

    /// <summary>Finds the client; a process that listens has none.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="ends">The mail server's ends.</param>
    /// <param name="thoroughly">Look for a listener in both tables, even when the client is found in the first.</param>
    /// <param name="peer">The client, for <see cref="PeerLookupOutcome.Found"/>.</param>
    public static PeerLookupOutcome TryFindPeer(int processId, MailerEnds ends, bool thoroughly, out TcpEnd peer)
    {
        peer = default;
        Span<ulong> sockets = stackalloc ulong[MaxSockets];
        var count = 0;
        var denied = false;
        Span<byte> link = stackalloc byte[64];
        using (var descriptors = ProcNumbers.Descriptors(processId, out var error))
        {
            if (error != 0)
                return error is ProcessCalls.ENOENT or ProcessCalls.ESRCH ? PeerLookupOutcome.NoProcess : PeerLookupOutcome.NotPermitted;
            while (count < MaxSockets && descriptors.MoveNext())
            {
                if (TryParseSocket(ProcFile.ReadLink(processId, "fd"u8, link, out var linkError, descriptors.Current), out var socket))
                    sockets[count++] = socket;
                denied |= linkError is ProcessCalls.EACCES or ProcessCalls.EPERM;
            }
        }

        // CAP_DAC_READ_SEARCH opens the directory, but what its links lead to takes CAP_SYS_PTRACE.
        if (denied)
            return PeerLookupOutcome.NotPermitted;

        // Not all sockets were seen, so a listener may be among the rest; no session has so many.
        if (count == MaxSockets)
            return PeerLookupOutcome.NoConnection;

        // A machine without IPv6 has no tcp6; one of them can always be read.
        var outcome = Search(processId, "net/tcp"u8, sockets[..count], ends, ref peer);
        if (outcome == ConnectionSearch.Listens)
            return PeerLookupOutcome.NoConnection;
        if (outcome == ConnectionSearch.Found && !thoroughly)
            return PeerLookupOutcome.Found;
        var other = Search(processId, "net/tcp6"u8, sockets[..count], ends, ref peer);
        if (other == ConnectionSearch.Listens)
            return PeerLookupOutcome.NoConnection;
        if (outcome == ConnectionSearch.Found || other == ConnectionSearch.Found)
            return PeerLookupOutcome.Found;
        return outcome == ConnectionSearch.NotPermitted && other == ConnectionSearch.NotPermitted
            ? PeerLookupOutcome.NotPermitted
            : PeerLookupOutcome.NoConnection;
    }

    /// <summary>Parses the text of a link such as <c>socket:[103979]</c>.</summary>
    private static bool TryParseSocket(ReadOnlySpan<byte> link, out ulong socket)
    {
        socket = 0;
        return link.StartsWith("socket:["u8) &&
            Utf8Parser.TryParse(link["socket:["u8.Length..], out socket, out _);
    }

    /// <summary>Searches one table.</summary>
    private static ConnectionSearch Search(
        int processId, ReadOnlySpan<byte> table, ReadOnlySpan<ulong> sockets, MailerEnds ends, ref TcpEnd peer)
    {
        var file = ProcFile.Open(processId, table, out _);
        if (file < 0)
            return ConnectionSearch.NotPermitted;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            return SearchLines(file, buffer, sockets, ends, ref peer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _ = ProcessCalls.Close(file);
        }
    }

    private static ConnectionSearch SearchLines(int file, Span<byte> buffer, ReadOnlySpan<ulong> sockets, MailerEnds ends, ref TcpEnd peer)
    {
        var outcome = ConnectionSearch.None;
        int kept = 0, count;
        while (kept < buffer.Length && (count = ProcFile.Read(file, buffer[kept..])) > 0)
        {
            ReadOnlySpan<byte> rest = buffer[..(kept + count)];
            for (int newline; (newline = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(newline + 1)..])
            {
                if (!SocketTableLine.TryParse(rest[..newline], out var line) || !sockets.Contains(line.Socket))
                    continue;
                if (line.IsListening)
                    return ConnectionSearch.Listens;
                if (!line.IsConnected || !ends.Contains(line.Local))
                    continue;
                peer = line.Peer;
                outcome = ConnectionSearch.Found;
            }

            rest.CopyTo(buffer);
            kept = rest.Length;
        }

        return outcome;
    }
}
