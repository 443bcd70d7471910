using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace BlockSmtp.Logs;

/// <summary>
/// The system calls of this room. They are called directly, as neither the file classes of .NET (which lock what they open,
/// see flock(2)) nor its file watcher (thread-pool hops, an allocation per event) will do.
/// </summary>
/// <remarks>The numbers are those of every Linux architecture that .NET runs on.</remarks>
internal static unsafe partial class FileCalls
{
    public const int Interrupted = (int)Errno.EINTR;
    public const int NotThere = (int)Errno.ENOENT;
    public const int NoPermission = (int)Errno.EACCES;
    public const int NotPermitted = (int)Errno.EPERM;
    public const int NotADirectory = (int)Errno.ENOTDIR;
    public const int IsADirectory = (int)Errno.EISDIR;
    public const int InvalidArgument = (int)Errno.EINVAL;

    public const int CloseOnExec = 0x80000;     // O_CLOEXEC, IN_CLOEXEC, EFD_CLOEXEC
    public const int NonBlocking = 0x800;       // O_NONBLOCK, IN_NONBLOCK, EFD_NONBLOCK
    public const short PollIn = 1;              // POLLIN

    private const int CurrentDirectory = -100;  // AT_FDCWD
    private const int EmptyPath = 0x1000;       // AT_EMPTY_PATH
    private const uint TypeInodeAndSize = 0x301; // STATX_TYPE | STATX_INO | STATX_SIZE

    /// <summary>Looks a file up by its name, following symbolic links.</summary>
    /// <returns>Zero, or the error number.</returns>
    public static int Status(string path, out FileStatus status) => Status(CurrentDirectory, path, 0, out status);

    /// <summary>Looks at an open file.</summary>
    /// <returns>Zero, or the error number.</returns>
    public static int Status(int descriptor, out FileStatus status) => Status(descriptor, "", EmptyPath, out status);

    private static int Status(int directory, string path, int flags, out FileStatus status)
    {
        StatX found;
        if (StatXNative(directory, path, flags, TypeInodeAndSize, &found) != 0)
        {
            status = default;
            return Marshal.GetLastPInvokeError();
        }
        status = new(new(found.DeviceMajor, found.DeviceMinor, found.Inode), (long)found.Size, found.Mode);
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatXNative(int directory, string path, int flags, uint mask, StatX* found);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "preadv", SetLastError = true)]
    public static partial nint ReadAt(int descriptor, IoVector* vectors, int count, long offset);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    public static partial int NotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int NotifyAddWatch(int descriptor, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int NotifyRemoveWatch(int descriptor, int watch);

    /// <summary>struct iovec of readv(2).</summary>
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct pollfd of poll(2).</summary>
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }

    /// <summary>struct statx of statx(2): the same on every architecture, unlike struct stat.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
