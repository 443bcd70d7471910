using System.Runtime.InteropServices;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Asks the kernel for nf_tables before libnftables does: without the socket the library ends the process, and without
/// the permission it writes to standard error (__netlink_init_error and mnl_genid_get in its source).
/// </summary>
internal static unsafe partial class NetfilterSocket
{
    private const int Netlink = 16;          // AF_NETLINK
    private const int Raw = 3;               // SOCK_RAW
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int Netfilter = 12;        // NETLINK_NETFILTER
    private const int DontWait = 0x40;       // MSG_DONTWAIT
    private const ushort GetGeneration = (10 << 8) | 16; // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN
    private const ushort Request = 1;        // NLM_F_REQUEST
    private const ushort Error = 2;          // NLMSG_ERROR
    private const int HeaderSize = 16;       // struct nlmsghdr
    private const int NotPermitted = 1;      // EPERM

    /// <summary>Asks for the number of the rule set in force, which changes nothing.</summary>
    /// <exception cref="FirewallException">The kernel has no nf_tables, or lets us not have it.</exception>
    public static void Probe()
    {
        var socket = OpenSocket(Netlink, Raw | CloseOnExec, Netfilter);
        if (socket < 0)
            throw Missing(Marshal.GetLastPInvokeError());
        try
        {
            // struct nlmsghdr, then struct nfgenmsg, all zeros.
            Span<byte> message = stackalloc byte[HeaderSize + 4];
            message.Clear();
            BitConverter.TryWriteBytes(message, message.Length);
            BitConverter.TryWriteBytes(message[4..], GetGeneration);
            BitConverter.TryWriteBytes(message[6..], Request);
            Span<byte> answer = stackalloc byte[256];
            nint length;
            fixed (byte* sent = message, received = answer)
                length = Send(socket, sent, message.Length, 0) < 0 ? -1 : Receive(socket, received, answer.Length, DontWait);
            var error = length < 0 ? Marshal.GetLastPInvokeError()
                : length >= HeaderSize + 4 && BitConverter.ToUInt16(answer[4..]) == Error ? -BitConverter.ToInt32(answer[HeaderSize..])
                : 0;
            if (error == NotPermitted)
                throw new FirewallException($"nftables: {Marshal.GetPInvokeErrorMessage(error)}: run as root or with CAP_NET_ADMIN") { Failure = FirewallFailure.NotPermitted };
            if (error != 0)
                throw Missing(error);
        }
        finally
        {
            _ = Close(socket);
        }
    }

    private static FirewallException Missing(int error) =>
        new($"nftables: {Marshal.GetPInvokeErrorMessage(error)}: load the kernel's module nf_tables and let the process use AF_NETLINK, or use another firewall") { Failure = FirewallFailure.Missing };

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
