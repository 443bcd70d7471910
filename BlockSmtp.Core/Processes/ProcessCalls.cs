using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace BlockSmtp.Processes;

/// <summary>The calls to the kernel that neither .NET nor Mono.Posix has. Where one fails, the error is <see cref="LastError"/>.</summary>
internal static unsafe partial class ProcessCalls
{
    public const int EPERM = (int)Errno.EPERM;
    public const int ENOENT = (int)Errno.ENOENT;
    public const int ESRCH = (int)Errno.ESRCH;
    public const int EINTR = (int)Errno.EINTR;
    public const int EBADF = (int)Errno.EBADF;
    public const int EACCES = (int)Errno.EACCES;
    public const int EINVAL = (int)Errno.EINVAL;

    public const int SIGKILL = (int)Signum.SIGKILL;
    public const int SIGTERM = (int)Signum.SIGTERM;

    private const string C = "libc";

    public static int LastError => Marshal.GetLastPInvokeError();

    // glibc has no wrappers before 2.36 and musl none at all. The numbers are the same on all architectures.
    public static int PidFdSendSignal(int process, int signal) => (int)Syscall(424, process, signal, 0, 0);

    public static int PidFdOpen(int processId) => (int)Syscall(434, processId, 0, 0, 0);

    public static int PidFdGetFd(int process, int descriptor) => (int)Syscall(438, process, descriptor, 0, 0);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(C, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(int socket, byte* address, int* length);

    [LibraryImport(C, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int socket, int level, int option, byte* value, int* length);

    [LibraryImport(C, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport(C, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(C, EntryPoint = "readlink", SetLastError = true)]
    public static partial nint ReadLink(byte* path, byte* buffer, nuint count);

    [LibraryImport(C, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(C, EntryPoint = "opendir", SetLastError = true)]
    public static partial nint OpenDirectory(byte* path);

    [LibraryImport(C, EntryPoint = "readdir")]
    public static partial byte* ReadDirectory(nint directory);

    [LibraryImport(C, EntryPoint = "closedir")]
    public static partial int CloseDirectory(nint directory);

    [LibraryImport(C, EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int GetClock(int clock, TimeSpec* time);

    // syscall(2) is variadic; on Linux x64 and arm64 integers are passed to it like to any other function.
    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth);

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        public const short In = 1;

        public int Descriptor;
        public short Events;
        public short Results;
    }

    /// <summary>struct timespec of clock_gettime(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
