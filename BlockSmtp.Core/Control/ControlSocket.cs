using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using BlockSmtp.Logs;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Control;

/// <summary>The socket that a <see cref="ControlServer"/> listens on. It is seen under its name only once nobody but those who may can open it.</summary>
internal sealed partial class ControlSocket : IDisposable
{
    // sun_path of unix(7) has 108 bytes; the name that it is made under is longer than its own.
    private const int LongestPath = 100;
    private const int Backlog = 1024;
    private const int TypeMask = 0xF000; // S_IFMT
    private const int SocketFile = 0xC000; // S_IFSOCK
    private const uint SameUser = uint.MaxValue;

    private readonly Socket _socket;
    private readonly string _path;
    private readonly bool _madeFolder;

    private ControlSocket(Socket socket, string path, bool madeFolder) => (_socket, _path, _madeFolder) = (socket, path, madeFolder);

    /// <exception cref="ControlException">Somebody listens there, or it cannot be made.</exception>
    public static ControlSocket Listen(string path, uint? group)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
            throw new ControlException(ControlErrorCode.Failed, $"the control socket '{path}' cannot be made: a path of more than {LongestPath} bytes is too long for a socket, name a shorter one");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            var madeFolder = MakeFolder(path);
            RemoveStale(path);
            // Made under another name, it is nobody's to open before its permissions are right.
            var made = $"{path}.{Environment.ProcessId % 100_000}";
            File.Delete(made);
            socket.Bind(new UnixDomainSocketEndPoint(made));
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(made, group is null ? Owner : Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            if (group is { } members && ChangeOwner(made, SameUser, members) != 0)
                throw new IOException($"it cannot be given to the group, {Marshal.GetLastPInvokeErrorMessage()}; under systemd say SupplementaryGroups= of that group (docs/control.md)");
            socket.Listen(Backlog);
            File.Move(made, path, overwrite: true);
            return new ControlSocket(socket, path, madeFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            socket.Dispose();
            var isForbidden = e is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied };
            var code = isForbidden ? ControlErrorCode.NotPermitted : ControlErrorCode.Failed;
            throw new ControlException(code, $"the control socket '{path}' cannot be made: {e.Message}", e);
        }
        catch (ControlException)
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket.AcceptAsync(cancellationToken);

    public void Dispose()
    {
        _socket.Dispose();
        try
        {
            File.Delete(_path);
            if (_madeFolder)
                Directory.Delete(Path.GetDirectoryName(_path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A socket that is left is replaced by the next daemon.
        }
    }

    /// <returns>Whether there was none.</returns>
    private static bool MakeFolder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(folder))
            return false;
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(folder, Readable);
        return true;
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // A file that is no socket refuses too, and is not ours to remove.
            if (FileCalls.Status(path, out var status) == 0 && (status.Mode & TypeMask) != SocketFile)
                throw new ControlException(ControlErrorCode.Failed, $"the control socket '{path}' cannot be made: there is a file of that name, name another socket or remove it");
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            return;
        }

        throw new ControlException(ControlErrorCode.Failed, $"another blocksmtp listens on '{path}': stop it, or name another socket");
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
