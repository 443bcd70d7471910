using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Sees, over a netlink socket of its own and on a thread of its own, when a block of an address has come into force in the kernel.
/// </summary>
internal abstract partial class KernelWatch : IDisposable
{
    private const int Netlink = 16, RawCloseOnExec = 3 | 0x80000, NetlinkNetfilter = 12;

    private readonly ConcurrentDictionary<uint, long> _seen = new();
    private readonly AutoResetEvent _news = new(false);
    private readonly Thread _thread;
    private volatile bool _stop;

    protected KernelWatch()
    {
        Socket = OpenSocket(Netlink, RawCloseOnExec, NetlinkNetfilter);
        if (Socket < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        _thread = new Thread(Run) { IsBackground = true, Priority = ThreadPriority.Highest };
    }

    /// <summary>The socket.</summary>
    protected int Socket { get; }

    /// <summary>From now on the address may be blocked: to be called before anything is done that leads to it.</summary>
    public virtual void Expect(IPAddress address)
    {
    }

    /// <summary>When it was seen (<see cref="Stopwatch.GetTimestamp"/>); null when it was not yet.</summary>
    public long? SeenAt(IPAddress address) => _seen.TryGetValue(Word(address), out var time) ? time : null;

    /// <summary>Waits until an address is seen.</summary>
    /// <returns>False when it is not within <paramref name="patience"/>.</returns>
    public bool Await(IPAddress address, TimeSpan patience)
    {
        Expect(address);
        var start = Stopwatch.GetTimestamp();
        while (SeenAt(address) is null)
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
                return false;
            _news.WaitOne(50);
        }

        return true;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _ = Close(Socket);
        _news.Dispose();
    }

    /// <summary>To be called when the socket is ready.</summary>
    protected void Start() => _thread.Start();

    /// <summary>Waits for news, for a tenth of a second at most, and tells it by <see cref="Saw"/>.</summary>
    protected abstract void Look();

    /// <summary>An address is blocked since <paramref name="time"/>.</summary>
    /// <param name="address">The four bytes of the address, as they are in memory.</param>
    /// <param name="time">When it was seen.</param>
    protected void Saw(uint address, long time)
    {
        if (_seen.TryAdd(address, time))
            _news.Set();
    }

    /// <summary>The four bytes of an address, as they are in memory.</summary>
    protected static uint Word(IPAddress address) => MemoryMarshal.Read<uint>(address.GetAddressBytes());

    /// <summary>Receives one message; nothing when none has come in time.</summary>
    protected ReadOnlySpan<byte> Receive(byte[] buffer) => buffer.AsSpan(0, (int)Math.Max(0, Receive(Socket, buffer, buffer.Length, 0)));

    private void Run()
    {
        while (!_stop)
            Look();
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int socket, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
