using System.Net.Sockets;

namespace BlockSmtp.Processes;

/// <summary>Whole records over a stream socket.</summary>
internal static class SessionLine
{
    /// <exception cref="SocketException">The other end is gone or does not take it.</exception>
    public static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Receives as much as asked for.</summary>
    /// <returns>False when the other end has closed before.</returns>
    /// <exception cref="SocketException">The other end is gone or silent.</exception>
    public static bool TryReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = socket.Receive(bytes);
            if (count == 0)
                return false;
            bytes = bytes[count..];
        }

        return true;
    }
}
