using System.Net.Sockets;
using BlockSmtp.Sockets;

namespace BlockSmtp.Control;

/// <summary>
/// The socket that a <see cref="ControlServer"/> listens on. It is seen under its name only once nobody but those who may can open it.
/// </summary>
internal sealed class ControlSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly string _path;
    private readonly bool _madeFolder;

    private ControlSocket(Socket socket, string path, bool madeFolder) => (_socket, _path, _madeFolder) = (socket, path, madeFolder);

    /// <exception cref="ControlException">Somebody listens there, or it cannot be made.</exception>
    public static ControlSocket Listen(string path, uint? group)
    {
        if (UnixSockets.IsTooLong(path))
            throw NotMade(path, $"a path of more than {UnixSockets.LongestPath} bytes is too long for a socket, name a shorter one");
        var socket = UnixSockets.Make();
        try
        {
            var madeFolder = UnixSockets.MakeFolder(path);
            MakeRoom(path);
            UnixSockets.Listen(socket, path, group, "under systemd say SupplementaryGroups= of that group (docs/control.md)");
            return new ControlSocket(socket, path, madeFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            socket.Dispose();
            var isForbidden = e is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied };
            throw NotMade(path, e.Message, isForbidden ? ControlErrorCode.NotPermitted : ControlErrorCode.Failed, e);
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
        UnixSockets.Remove(_path);
        if (!_madeFolder)
            return;
        try
        {
            Directory.Delete(Path.GetDirectoryName(_path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else has put something there.
        }
    }

    private static void MakeRoom(string path)
    {
        switch (UnixSockets.Clear(path))
        {
            case SocketPlace.InUse:
                throw new ControlException(
                    ControlErrorCode.Failed, $"another blocksmtp listens on '{path}': stop it, or name another socket");
            case SocketPlace.NoSocket:
                throw NotMade(path, "there is a file of that name, name another socket or remove it");
        }
    }

    private static ControlException NotMade(string path, string why, string code = ControlErrorCode.Failed, Exception? cause = null) =>
        new(code, $"the control socket '{path}' cannot be made: {why}", cause);
}
