using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace BlockSmtp.Milter.Protocol;

/// <summary>The socket that a milter listens on. A Unix socket is seen under its name only once nobody but those who may can open
/// it.</summary>
internal sealed partial class MilterListener : IDisposable
{
    // sun_path of unix(7) has 108 bytes; the name that it is made under is longer than its own.
    public const int LongestPath = 100;

    private const int Backlog = 1024;
    private const uint SameUser = uint.MaxValue;

    private readonly Socket _socket;
    private readonly string? _path;

    private MilterListener(Socket socket, string? path) => (_socket, _path) = (socket, path);

    /// <summary>Where it listens; an address with the port that was found for it.</summary>
    public EndPoint Address => _path is null ? _socket.LocalEndPoint! : new UnixDomainSocketEndPoint(_path);

    /// <exception cref="MilterException">Somebody listens there, or it cannot be made.</exception>
    public static MilterListener Listen(EndPoint address, uint? group)
    {
        var isUnix = address is UnixDomainSocketEndPoint;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (isUnix)
            {
                ListenAt(socket, address.ToString()!, group);
                return new MilterListener(socket, address.ToString());
            }

            socket.Bind(address);
            socket.Listen(Backlog);
            return new MilterListener(socket, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            socket.Dispose();
            var isForbidden = e is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied };
            throw new MilterException($"{MilterAddress.Show(address)} cannot be listened on: {e.Message}", e) { IsForbidden = isForbidden };
        }
        catch (MilterException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A socket that somebody else has made; its name is his too.</summary>
    /// <exception cref="MilterException">It does not listen.</exception>
    public static MilterListener Of(Socket socket) => socket is { SocketType: SocketType.Stream, LocalEndPoint: not null } && IsListening(socket)
        ? new MilterListener(socket, null)
        : throw new MilterException("what was handed over is no socket that listens for connections");

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket.AcceptAsync(cancellationToken);

    public void Dispose()
    {
        _socket.Dispose();
        if (_path is null)
            return;
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A socket that is left is replaced by the next one.
        }
    }

    private static bool IsListening(Socket socket)
    {
        try
        {
            return (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! != 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void ListenAt(Socket socket, string path, uint? group)
    {
        if (Encoding.UTF8.GetByteCount(path) > LongestPath)
            throw new MilterException($"a path of more than {LongestPath} bytes is too long for a socket: name a shorter one");
        MakeFolder(path);
        RemoveStale(path);
        // Made under another name, it is nobody's to open before its permissions are right.
        var made = $"{path}.{Environment.ProcessId % 100_000}";
        File.Delete(made);
        socket.Bind(new UnixDomainSocketEndPoint(made));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(made, group is null ? Owner : Owner | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        if (group is { } members && ChangeOwner(made, SameUser, members) != 0)
            throw new IOException($"it cannot be given to the group, {Marshal.GetLastPInvokeErrorMessage()}; under systemd use blocksmtp-milter.socket (docs/milter.md)");
        socket.Listen(Backlog);
        File.Move(made, path, overwrite: true);
    }

    private static void MakeFolder(string path)
    {
        // sendmail takes no socket in a folder that others may write to.
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!, Readable);
    }

    /// <summary>Removes the socket of a program that is no more, and nothing else.</summary>
    private static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // A file that is no socket refuses too, and is not ours to remove: a socket cannot be opened as a file (ENXIO, open(2)).
            if (CanBeOpened(path))
                throw new MilterException($"there is a file '{path}' that is no socket: name another socket, or remove it");
            File.Delete(path);
            return;
        }

        throw new MilterException($"another program listens on '{path}': stop it, or name another socket");
    }

    private static bool CanBeOpened(string path)
    {
        if (Directory.Exists(path))
            return true;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
