using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using BlockSmtp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace EmbeddedWorker;

/// <summary>
/// A log that is no file: syslog lines as datagrams, one each, as rsyslog sends them after <c>mail.* @127.0.0.1:5514</c>. On loopback,
/// since whoever can send here can have anybody blocked.
/// </summary>
public sealed partial class SyslogSocket(IConfiguration configuration, ILogger<SyslogSocket> logger) : ILogSource
{
    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, configuration.GetValue("Syslog:Port", 5514)));
        LogListening(socket.LocalEndPoint!);

        // One more than a datagram can have, for the end of the line; the engine is done with it before the next is read.
        var buffer = new byte[65_536];
        while (await ReceiveAsync(socket, buffer, cancellationToken) is >= 0 and var length)
        {
            // One datagram is one line, whatever is in it.
            buffer.AsSpan(0, length).Replace((byte)'\n', (byte)' ');
            buffer[length] = (byte)'\n';
            yield return new LogChunk(buffer.AsMemory(0, length + 1));
        }
    }

    /// <summary>The length of the next datagram; -1 when it is time to end. A source that is cancelled just ends.</summary>
    private static async ValueTask<int> ReceiveAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer.AsMemory(0, buffer.Length - 1), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return -1;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "listening for syslog on {Address}")]
    private partial void LogListening(EndPoint address);
}
