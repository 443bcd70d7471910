using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Hears from the kernel itself when a rule or a set element with an address has come into force in this network
/// namespace: nf_tables tells its listeners when it has committed a change (linux/netfilter/nfnetlink.h,
/// NFNLGRP_NFTABLES), whoever made it and with which program.
/// </summary>
internal sealed partial class RuleWatch : IRuleWatch
{
    private const int Netlink = 16, RawCloseOnExec = 3 | 0x80000, NetlinkNetfilter = 12, NftablesGroup = 7;
    private const int SocketLevel = 1, ReceiveBufferForce = 33;

    // A netlink attribute NFTA_DATA_VALUE (1) of eight bytes: four of them an IPv4 address.
    private const uint AddressAttribute = 0x0001_0008;

    private readonly int _socket;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<uint, long> _seen = new();
    private volatile bool _stop;

    public RuleWatch()
    {
        _socket = OpenSocket(Netlink, RawCloseOnExec, NetlinkNetfilter);
        // struct sockaddr_nl: family, padding, port id, groups.
        byte[] address = [Netlink, 0, 0, 0, 0, 0, 0, 0, 1 << (NftablesGroup - 1), 0, 0, 0];
        var room = 64 << 20;
        // A receive time-out, so that the thread sees when it is to end: struct timeval.
        long[] patience = [0, 100_000];
        if (_socket < 0 || Bind(_socket, address, address.Length) != 0
            || SetOption(_socket, SocketLevel, ReceiveBufferForce, ref room, sizeof(int)) != 0
            || SetTimeout(_socket, SocketLevel, 20, patience, 16) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _thread = new Thread(Listen) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    private AutoResetEvent News { get; } = new(false);

    public void Expect(IPAddress address)
    {
        // The kernel tells of all.
    }

    public long? SeenAt(IPAddress address) =>
        _seen.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(address.GetAddressBytes()), out var time) ? time : null;

    public bool Await(IPAddress address, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        while (SeenAt(address) is null)
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
                return false;
            News.WaitOne(50);
        }

        return true;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _ = Close(_socket);
        News.Dispose();
    }

    private void Listen()
    {
        var buffer = new byte[1 << 20];
        while (!_stop)
        {
            var length = (int)Receive(_socket, buffer, buffer.Length, 0);
            var now = Stopwatch.GetTimestamp();
            if (length <= 0)
                continue;
            var words = MemoryMarshal.Cast<byte, uint>(buffer.AsSpan(0, length & ~3));
            for (var i = 0; i + 1 < words.Length; i++)
            {
                if (words[i] == AddressAttribute)
                    _seen.TryAdd(words[i + 1], now);
            }

            News.Set();
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte[] address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, ref int value, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetTimeout(int socket, int level, int name, long[] value, int length);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int socket, byte[] buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
