using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp.Tests.Kernel;

/// <summary>Runs code on a thread that has entered a network namespace: its sockets belong there, for good.</summary>
internal static partial class NamespaceThread
{
    private const int CloneNewNet = 0x40000000; // sched.h; setns(2)

    public static T Run<T>(NetworkNamespace network, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle("/run/netns/" + network.Name);
                if (SetNamespace(handle, CloneNewNet) != 0)
                    throw new IOException("setns: " + Marshal.GetLastPInvokeErrorMessage());
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
