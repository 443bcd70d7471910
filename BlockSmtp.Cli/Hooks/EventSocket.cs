using System.Net.Sockets;

namespace BlockSmtp.Cli.Hooks;

/// <summary>
/// A Unix socket that is connected to once for each event: one of systemd (<c>Accept=yes</c> in systemd.socket(5)) then starts a program
/// outside of the daemon's sandbox.
/// </summary>
internal sealed class EventSocket(string path) : IEventReceiver
{
    public string Name => $"unix:{path}";

    public async Task<string?> PassAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            while (!json.IsEmpty)
                json = json[await socket.SendAsync(json, cancellationToken)..];
            socket.Shutdown(SocketShutdown.Send);
            // Until it is done with: one after the other, however slow it is.
            var buffer = new byte[256];
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
            }

            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // It has ended without reading all that it was told, which is its own matter.
            return null;
        }
        catch (SocketException e)
        {
            return $"nobody listens there ({e.Message}): systemctl enable --now blocksmtp-event.socket";
        }
    }
}
