using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// Makes sockets in another network namespace: a socket stays where it was made, so only a thread of its own enters
/// the namespace, setns(2), and ends there.
/// </summary>
internal static partial class NetworkNamespace
{
    private const int CloneNewNetwork = 0x40000000;

    public static Socket Tcp(string name) =>
        Make(name, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    /// <summary>Makes something whose sockets are to be in the namespace.</summary>
    public static T Make<T>(string name, Func<T> make)
        where T : class
    {
        (T? Thing, Exception? Failure) made = default;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{name}", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (EnterNamespace(handle, CloneNewNetwork) != 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                made.Thing = make();
            }
            catch (Exception e) when (e is IOException or Win32Exception or SocketException)
            {
                made.Failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return made.Thing ?? throw new InvalidOperationException($"there is no socket to be had in the namespace {name}", made.Failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeFileHandle handle, int kind);
}
