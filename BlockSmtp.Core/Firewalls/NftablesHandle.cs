using System.Runtime.InteropServices;
using System.Text;
using BlockSmtp.Addresses;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Firewalls;

/// <summary>
/// A context of libnftables, and a socket beside it. They belong to the network namespace of the thread that opened it, whichever thread
/// calls it later. Kept open: to close it costs 16 ms after a deletion, and the next one would fetch all tables anew.
/// </summary>
internal sealed class NftablesHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    // Of so much text, some thousand elements, the library has needed memory that is worth giving back.
    private const int Large = 64 * 1024;

    // The library waits for its socket with select(2), which ends the process where the socket has a higher number (FD_SETSIZE).
    private const int HighestSocket = 1023;

    private NetfilterSocket? _socket;
    private NftablesReader? _reader;

    public NftablesHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Opens the library; nothing is changed.</summary>
    /// <param name="library">The library's name, so that a test can name one that is missing.</param>
    /// <exception cref="FirewallException">The library or the kernel's part is missing, or not permitted.</exception>
    public static NftablesHandle Open(string library)
    {
        if (!NativeLibrary.TryLoad(library, typeof(NftablesHandle).Assembly, null, out _))
            throw new FirewallException(
                $"{library} is not installed: install the package libnftables1 (nftables on Red Hat), or use another firewall")
            {
                Failure = FirewallFailure.Missing,
            };
        // Before the library: it ends the process where there is no such socket.
        var socket = NetfilterSocket.Open();
        using (var next = NetfilterSocket.Open())
        {
            if (next.DangerousGetHandle() > HighestSocket)
            {
                socket.Dispose();
                throw new FirewallException(
                    $"{library} cannot be used by a process that has more than {HighestSocket} files open: start the firewall before that");
            }
        }

        var handle = LibNftables.New(0);
        handle._socket = socket;
        handle._reader = new NftablesReader(socket);
        if (handle.IsInvalid || LibNftables.BufferErrors(handle) != 0)
        {
            handle.Dispose();
            throw new FirewallException($"{library} gives no context: see whether memory is short");
        }
        return handle;
    }

    /// <summary>Reads the networks of a set; none when it is not there.</summary>
    public void Read(string table, NftablesSet set, List<HostKey> networks) => NftablesElements.Read(_reader!, table, set, networks);

    /// <summary>Reads a table; null when there is none.</summary>
    public NftablesTable? Read(string table) => NftablesTable.Read(_reader!, table);

    /// <summary>Changes what is in sets, in one transaction; libnftables has no part in it.</summary>
    /// <returns>The number of the kernel's error; 0 when it is done.</returns>
    public int Commit(NftablesBatch batch) => _socket!.Commit(batch.End(out var answered), answered);

    /// <summary>Runs commands in one transaction: all of them, or none.</summary>
    public NftablesResult Run(string commands)
    {
        var done = LibNftables.Run(this, commands) == 0;
        unsafe
        {
            // It is read every time: to read a buffer is what empties it.
            var errors = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(LibNftables.Errors(this)));
            if (commands.Length > Large)
                NativeHeap.Trim();
            return new NftablesResult(done, errors);
        }
    }

    protected override bool ReleaseHandle()
    {
        LibNftables.Free(handle);
        _socket?.Dispose();
        return true;
    }
}
