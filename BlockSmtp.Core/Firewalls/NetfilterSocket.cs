using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Firewalls;

/// <summary>
/// A socket to nf_tables, apart from libnftables. It asks for nf_tables before the library does: without the socket the library ends the process, and without the permission
/// it writes to standard error (__netlink_init_error and mnl_genid_get in its source). And it reads the elements of sets, for which the library needs a kilobyte each.
/// Belongs to the network namespace of the thread that opened it.
/// </summary>
internal sealed unsafe partial class NetfilterSocket : SafeHandleMinusOneIsInvalid
{
    private const int Netlink = 16;          // AF_NETLINK
    private const int Raw = 3;               // SOCK_RAW
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int Netfilter = 12;        // NETLINK_NETFILTER
    private const ushort GetGeneration = (10 << 8) | 16; // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN
    private const ushort Request = 1;        // NLM_F_REQUEST
    private const ushort Error = 2;          // NLMSG_ERROR
    private const int HeaderSize = 16;       // struct nlmsghdr
    private const int NotPermitted = 1;      // EPERM
    private const int Interrupted = 4;       // EINTR

    public NetfilterSocket()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Opens it, and asks for the number of the rule set in force, which changes nothing.</summary>
    /// <exception cref="FirewallException">The kernel has no nf_tables, or lets us not have it.</exception>
    public static NetfilterSocket Open()
    {
        var socket = new NetfilterSocket();
        try
        {
            socket.SetHandle(OpenSocket(Netlink, Raw | CloseOnExec, Netfilter));
            if (socket.IsInvalid)
                throw Failed(Marshal.GetLastPInvokeError());
            // struct nlmsghdr, then struct nfgenmsg, all zeros.
            Span<byte> message = stackalloc byte[HeaderSize + 4];
            message.Clear();
            BitConverter.TryWriteBytes(message, message.Length);
            BitConverter.TryWriteBytes(message[4..], GetGeneration);
            BitConverter.TryWriteBytes(message[6..], Request);
            socket.Write(message);
            Span<byte> answer = stackalloc byte[256];
            var length = socket.Read(answer);
            if (length >= HeaderSize + 4 && BitConverter.ToUInt16(answer[4..]) == Error && BitConverter.ToInt32(answer[HeaderSize..]) is < 0 and var error)
                throw Failed(-error);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Says what an error of the kernel means.</summary>
    public static FirewallException Failed(int error) => error == NotPermitted
        ? new($"nftables: {Marshal.GetPInvokeErrorMessage(error)}: run as root or with CAP_NET_ADMIN") { Failure = FirewallFailure.NotPermitted }
        : new($"nftables: {Marshal.GetPInvokeErrorMessage(error)}: load the kernel's module nf_tables and let the process use AF_NETLINK, or use another firewall") { Failure = FirewallFailure.Missing };

    /// <summary>Sends a message.</summary>
    public void Write(ReadOnlySpan<byte> message)
    {
        fixed (byte* sent = message)
        {
            while (Send(this, sent, message.Length, 0) < 0)
                ThrowUnlessInterrupted();
        }
    }

    /// <summary>Receives what the kernel has to say; it always has, after a message.</summary>
    /// <returns>How many bytes.</returns>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* received = buffer)
        {
            while (true)
            {
                var length = Receive(this, received, buffer.Length, 0);
                if (length >= 0)
                    return (int)length;
                ThrowUnlessInterrupted();
            }
        }
    }

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    private static void ThrowUnlessInterrupted()
    {
        if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
            throw Failed(error);
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(NetfilterSocket socket, byte* message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(NetfilterSocket socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
