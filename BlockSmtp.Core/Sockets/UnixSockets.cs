using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Sockets;

/// <summary>
/// Unix sockets that listen: each is seen under its name only once nobody but those who may can open it, and takes the place of a
/// dead one, never of one that is in use.
/// </summary>
/// <remarks>Compiled into BlockSmtp.Milter too, which depends on what is public only.</remarks>
internal static unsafe partial class UnixSockets
{
    // sun_path of unix(7) has 108 bytes; the name that it is made under is longer than its own.
    public const int LongestPath = 100;

    private const int Backlog = 1024;
    private const uint SameUser = uint.MaxValue;
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint Type = 1; // STATX_TYPE
    private const int StatusLength = 256; // struct statx of statx(2), the same on every architecture
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int SocketFile = 0xC000; // S_IFSOCK

    public static Socket Make() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public static bool IsTooLong(string path) => Encoding.UTF8.GetByteCount(path) > LongestPath;

    /// <summary>Listens at a path that is free, for its user and, where there is one, a group.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="path">Where; what is there is replaced.</param>
    /// <param name="group">The group; null for none.</param>
    /// <param name="groupAdvice">What to do where it cannot be given to the group.</param>
    /// <exception cref="IOException">It cannot be given to the group, or moved into place.</exception>
    /// <exception cref="SocketException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made there.</exception>
    /// <exception cref="ArgumentException">The path is too long.</exception>
    public static void Listen(Socket socket, string path, uint? group = null, string? groupAdvice = null)
    {
        // Made under another name, it is nobody's to open before its permissions are right.
        var made = $"{path}.{Environment.ProcessId % 100_000}";
        File.Delete(made);
        socket.Bind(new UnixDomainSocketEndPoint(made));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(made, group is null ? Owner : Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        if (group is { } members && ChangeOwner(made, SameUser, members) != 0)
            throw new IOException($"it cannot be given to the group, {Marshal.GetLastPInvokeErrorMessage()}; {groupAdvice}");
        socket.Listen(Backlog);
        File.Move(made, path, overwrite: true);
    }

    /// <summary>
    /// Makes the folder of a socket where it is missing: one that everybody may look into and only its user may write to.
    /// </summary>
    /// <returns>Whether it was missing.</returns>
    public static bool MakeFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(folder))
            return false;
        // sendmail takes no socket in a folder that others may write to.
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(folder, Readable);
        return true;
    }

    /// <summary>Removes the socket of a program that is no more, and nothing else.</summary>
    /// <exception cref="SocketException">Somebody's socket is there, and cannot be asked.</exception>
    public static SocketPlace Clear(string path)
    {
        if (!Path.Exists(path))
            return SocketPlace.Free;
        using var probe = Make();
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return SocketPlace.InUse;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // What is no socket refuses too, and is not ours to remove.
            if (!IsSocket(path))
                return SocketPlace.NoSocket;
            File.Delete(path);
            return SocketPlace.Free;
        }
    }

    /// <summary>Takes the name away; one that is left is replaced by the next who listens there.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is somebody else's now, or the folder is gone.
        }
    }

    private static bool IsSocket(string path)
    {
        var found = stackalloc byte[StatusLength];
        return Status(CurrentDirectory, path, 0, Type, found) != 0 || (*(ushort*)(found + ModeOffset) & TypeMask) == SocketFile;
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, byte* found);
}
