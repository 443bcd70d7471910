using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Hears from the kernel itself when a rule or a set element with an address has come into force in this network
/// namespace: nf_tables tells its listeners when it has committed a change (linux/netfilter/nfnetlink.h,
/// NFNLGRP_NFTABLES), whoever made it and with which program.
/// </summary>
internal sealed partial class RuleWatch : KernelWatch
{
    private const int Netlink = 16, NftablesGroup = 7;
    private const int SocketLevel = 1, ReceiveBufferForce = 33, ReceiveTimeout = 20;

    // A netlink attribute NFTA_DATA_VALUE (1) of eight bytes: four of them an IPv4 address.
    private const uint AddressAttribute = 0x0001_0008;

    private readonly byte[] _buffer = new byte[1 << 20];

    public RuleWatch()
    {
        // struct sockaddr_nl: family, padding, port id, groups.
        byte[] address = [Netlink, 0, 0, 0, 0, 0, 0, 0, 1 << (NftablesGroup - 1), 0, 0, 0];
        var room = 64 << 20;
        // struct timeval.
        long[] patience = [0, 100_000];
        if (Bind(Socket, address, address.Length) != 0
            || SetOption(Socket, SocketLevel, ReceiveBufferForce, ref room, sizeof(int)) != 0
            || SetTimeout(Socket, SocketLevel, ReceiveTimeout, patience, 16) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        Start();
    }

    protected override void Look()
    {
        var message = Receive(_buffer);
        var now = Stopwatch.GetTimestamp();
        var words = MemoryMarshal.Cast<byte, uint>(message[..(message.Length & ~3)]);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i] == AddressAttribute)
                Saw(words[i + 1], now);
        }
    }

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte[] address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, ref int value, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetTimeout(int socket, int level, int name, long[] value, int length);
}
