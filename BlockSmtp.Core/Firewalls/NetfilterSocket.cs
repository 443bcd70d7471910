using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static BlockSmtp.Firewalls.NftablesMessages;

namespace BlockSmtp.Firewalls;

/// <summary>
/// A socket to nf_tables, apart from libnftables. It asks for nf_tables before the library does: without the socket the library ends the
/// process, and without the permission it writes to standard error (__netlink_init_error and mnl_genid_get in its source). And it reads the
/// elements of sets, for which the library needs a kilobyte each. Belongs to the network namespace of the thread that opened it.
/// </summary>
internal sealed unsafe partial class NetfilterSocket : SafeHandleMinusOneIsInvalid
{
    private const int Netlink = 16;          // AF_NETLINK
    private const int Raw = 3;               // SOCK_RAW
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int Netfilter = 12;        // NETLINK_NETFILTER
    private const int OptionsOfNetlink = 270; // SOL_NETLINK
    private const int CapAnswers = 10;       // NETLINK_CAP_ACK: an error without the message that it is about
    private const int DoNotWait = 0x40;      // MSG_DONTWAIT
    private const int NumberAt = 8;          // nlmsg_seq

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
            var on = 1;
            _ = SetOption(socket, OptionsOfNetlink, CapAnswers, &on, sizeof(int));
            var message = new NftablesMessageWriter();
            message.Begin(GetGeneration, Request, 0);
            message.End();
            socket.Write(message.Written);
            Span<byte> answer = stackalloc byte[256];
            var length = socket.Read(answer);
            if (IsError(answer[..length], out var error, out _) && error != 0)
                throw Failed(error);
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
        ? new($"nftables: {Marshal.GetPInvokeErrorMessage(error)}: run as root or with CAP_NET_ADMIN")
        {
            Failure = FirewallFailure.NotPermitted,
        }
        : new($"nftables: {Marshal.GetPInvokeErrorMessage(error)}: load the kernel's module nf_tables and let the process use "
            + "AF_NETLINK, or use another firewall")
        {
            Failure = FirewallFailure.Missing,
        };

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
        while (true)
        {
            var length = Receive(buffer, 0);
            if (length >= 0)
                return length;
            ThrowUnlessInterrupted();
        }
    }

    /// <summary>Has a batch carried out: all of it, or nothing.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="answered">The number of the message that is answered in any case.</param>
    /// <returns>The number of the error that it failed with; 0 when it is done.</returns>
    public int Commit(ReadOnlySpan<byte> batch, uint answered)
    {
        Write(batch);
        // All answers are there when the message is sent: the kernel carries it out on this thread.
        Span<byte> answer = stackalloc byte[256];
        var isAnswered = false;
        var failed = 0;
        while (true)
        {
            var length = Receive(answer, DoNotWait);
            if (length >= 0)
            {
                if (!IsError(answer[..length], out var error, out var number))
                    continue;
                failed = failed == 0 ? error : failed;
                isAnswered |= number == answered;
                continue;
            }

            var reason = Marshal.GetLastPInvokeError();
            if (reason == WouldWait)
                break;
            // More errors than the socket has room for.
            if (reason == NoRoom)
                failed = failed == 0 ? reason : failed;
            else if (reason != Interrupted)
                throw Failed(reason);
        }

        return failed != 0 || isAnswered
            ? failed
            : throw new FirewallException("nftables: the kernel gives no answer: look at its messages with dmesg");
    }

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    /// <summary>Whether a message is an answer: an error, or 0 where there is none.</summary>
    private static bool IsError(ReadOnlySpan<byte> message, out int error, out uint number)
    {
        (error, number) = (0, 0);
        if (message.Length < HeaderSize + sizeof(int) || BitConverter.ToUInt16(message[sizeof(int)..]) != Error)
            return false;
        error = -BitConverter.ToInt32(message[HeaderSize..]);
        number = BitConverter.ToUInt32(message[NumberAt..]);
        return true;
    }

    private int Receive(Span<byte> buffer, int flags)
    {
        fixed (byte* received = buffer)
            return (int)Receive(this, received, buffer.Length, flags);
    }

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

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(NetfilterSocket socket, int level, int option, int* value, int size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int socket);
}
