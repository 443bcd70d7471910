using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Makes a socket in another network namespace. A socket stays where it was made, so only a thread of its own enters the
/// namespace, setns(2), and ends there; the rest of the process stays outside.
/// </summary>
internal static partial class NamespacedSocket
{
    private const int CloneNewNetwork = 0x40000000;
    private const int IpLevel = 0, IpFreeBind = 15;
    private const int Ipv6Level = 41, Ipv6FreeBind = 78;

    /// <summary>A TCP socket that may be bound to an address which no interface has, ip(7) IP_FREEBIND.</summary>
    public static Socket Create(string networkNamespace, AddressFamily family)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{networkNamespace}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (EnterNamespace(handle, CloneNewNetwork) != 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            }
            catch (Exception e) when (e is IOException or Win32Exception or SocketException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (socket is null)
            throw new InvalidOperationException($"no socket in the namespace {networkNamespace}: {failure?.Message}", failure);

        var (level, option) = family == AddressFamily.InterNetwork ? (IpLevel, IpFreeBind) : (Ipv6Level, Ipv6FreeBind);
        socket.SetRawSocketOption(level, option, BitConverter.GetBytes(1));
        return socket;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeFileHandle handle, int kind);
}
