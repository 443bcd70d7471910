using System.Net;
using System.Net.Sockets;
using BlockSmtp.Sockets;

namespace BlockSmtp.Milter.Protocol;

/// <summary>The socket that a milter listens on. A Unix socket is seen under its name only once nobody but those who may can open
/// it.</summary>
internal sealed class MilterListener : IDisposable
{
    private const int Backlog = 1024;

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
    public static MilterListener Of(Socket socket) =>
        socket is { SocketType: SocketType.Stream, LocalEndPoint: not null } && IsListening(socket)
            ? new MilterListener(socket, null)
            : throw new MilterException("what was handed over is no socket that listens for connections");

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken) => _socket.AcceptAsync(cancellationToken);

    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
            UnixSockets.Remove(_path);
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
        if (UnixSockets.IsTooLong(path))
            throw new MilterException($"a path of more than {UnixSockets.LongestPath} bytes is too long for a socket: name a shorter one");
        UnixSockets.MakeFolder(path);
        switch (UnixSockets.Clear(path))
        {
            case SocketPlace.InUse:
                throw new MilterException($"another program listens on '{path}': stop it, or name another socket");
            case SocketPlace.NoSocket:
                throw new MilterException($"there is a file '{path}' that is no socket: name another socket, or remove it");
            default:
                UnixSockets.Listen(socket, path, group, "under systemd use blocksmtp-milter.socket (docs/milter.md)");
                return;
        }
    }
}
