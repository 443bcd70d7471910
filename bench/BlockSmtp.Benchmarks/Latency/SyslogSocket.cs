using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>Writes to a syslog socket, as syslog(3) does.</summary>
internal sealed class SyslogSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="path">Where it is.</param>
    public SyslogSocket(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    public void Write(string message) => _socket.Send(Encoding.UTF8.GetBytes(message));

    public void Dispose() => _socket.Dispose();
}
