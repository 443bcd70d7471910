using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Processes;

/// <summary>
/// A descriptor of a mail server process that was duplicated into ours. The connection stays open as long as it is held:
/// close it soon.
/// </summary>
internal sealed unsafe class MailerSocket : SafeHandleMinusOneIsInvalid
{
    // Linux's numbers (socket.h, tcp.h), the same on x64 and arm64.
    private const int SolSocket = 1;
    private const int SoPeerName = 28;
    private const int SoAcceptConnection = 30;
    private const int IpProtoTcp = 6;
    private const int TcpInfo = 11;
    private const int ShutReadWrite = 2;
    private const int LengthOfIPv4 = 16;
    private const int LengthOfIPv6 = 28;

    public MailerSocket(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    private int Descriptor => (int)handle;

    /// <summary>What the descriptor is to the mail server.</summary>
    /// <param name="ends">The mail server's ends.</param>
    /// <param name="peer">The client, for <see cref="MailerSocketKind.Connection"/>.</param>
    [SkipLocalsInit]
    public MailerSocketKind Examine(MailerEnds ends, out TcpEnd peer)
    {
        peer = default;
        var address = stackalloc byte[LengthOfIPv6];
        var length = LengthOfIPv6;
        if (ProcessCalls.GetSocketName(Descriptor, address, &length) != 0 ||
            !TcpEnd.TryRead(new(address, Math.Min(length, LengthOfIPv6)), out var local))
            return MailerSocketKind.Other;
        if (ends.Contains(local))
        {
            // Not getpeername(2): it forgets the client once that has reset the connection, while sendmail may still be
            // asleep in a throttle. SO_PEERNAME still tells (net/core/sock.c asks inet_getname with peer = 2; tried with a
            // real sendmail). It takes no buffer that is longer than the address.
            length = length == LengthOfIPv4 ? LengthOfIPv4 : LengthOfIPv6;
            if (ProcessCalls.GetSocketOption(Descriptor, SolSocket, SoPeerName, address, &length) == 0 &&
                TcpEnd.TryRead(new(address, length), out peer))
                return MailerSocketKind.Connection;
        }

        int listens = 0;
        length = sizeof(int);
        return ProcessCalls.GetSocketOption(Descriptor, SolSocket, SoAcceptConnection, (byte*)&listens, &length) == 0 && listens != 0
            ? MailerSocketKind.Listener
            : MailerSocketKind.Other;
    }

    /// <summary>
    /// For how long nothing has gone either way; null where the kernel does not tell. A client that has only just got its
    /// answer is not idle, however long the server took for it: so the last data sent counts as well as the last received.
    /// Observed with sendmail 8.17: a client that never sent a byte counts from its connection, each NOOP begins anew,
    /// and it is the same inside TLS.
    /// </summary>
    [SkipLocalsInit]
    public TimeSpan? SilentFor()
    {
        // struct tcp_info (linux/tcp.h): tcpi_last_data_sent and tcpi_last_data_recv, in milliseconds.
        const int lastDataSent = 44, lastDataReceived = 52, enough = 56;
        var information = stackalloc byte[enough];
        var length = enough;
        if (ProcessCalls.GetSocketOption(Descriptor, IpProtoTcp, TcpInfo, information, &length) != 0 || length < enough)
            return null;
        var milliseconds = Math.Min(*(uint*)(information + lastDataSent), *(uint*)(information + lastDataReceived));
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>How far the client is; null where the kernel does not tell (before Linux 4.1).</summary>
    [SkipLocalsInit]
    public SocketProgress? Progress()
    {
        // tcpi_bytes_received counts no byte twice.
        const int lastDataSent = 44, bytesReceived = 128, enough = 136;
        var information = stackalloc byte[enough];
        var length = enough;
        return ProcessCalls.GetSocketOption(Descriptor, IpProtoTcp, TcpInfo, information, &length) != 0 || length < enough
            ? null
            : new(*(ulong*)(information + bytesReceived), TimeSpan.FromMilliseconds(*(uint*)(information + lastDataSent)));
    }

    /// <summary>
    /// Ends the connection for all who hold it: sendmail reads end of file, logs <c>lost input channel</c> and
    /// <c>from=…, relay=…</c>, and goes.
    /// </summary>
    public void ShutDown() => _ = ProcessCalls.Shutdown(Descriptor, ShutReadWrite);

    protected override bool ReleaseHandle() => ProcessCalls.Close(Descriptor) == 0;
}
