using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Makes a TCP socket in another network namespace: a socket stays where it was made, so only a thread of its own enters
/// the namespace, setns(2), and ends there.
/// </summary>
internal static partial class NamespacedSocket
{
    private const int CloneNewNetwork = 0x40000000;

    public static Socket Create(string networkNamespace)
    {
        (Socket? Socket, Exception? Failure) made = default;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{networkNamespace}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (EnterNamespace(handle, CloneNewNetwork) != 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                made.Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            }
            catch (Exception e) when (e is IOException or Win32Exception or SocketException)
            {
                made.Failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return made.Socket ?? throw new InvalidOperationException($"there is no socket to be had in the namespace {networkNamespace}", made.Failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeFileHandle handle, int kind);
}
