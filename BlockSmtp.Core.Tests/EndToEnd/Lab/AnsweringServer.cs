using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A server of a lab's own at 127.0.0.1, which its mail server asks and that answers as the test likes.</summary>
internal abstract class AnsweringServer : IDisposable
{
    private readonly Socket _listener;

    /// <param name="lab">Whose namespace.</param>
    /// <param name="port">Where it listens.</param>
    protected AnsweringServer(SendmailLab lab, int port)
    {
        _listener = NamespacedSocket.Create(lab.ServerNamespace, AddressFamily.InterNetwork);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _ = ServeAllAsync();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Answers one connection; it may break off.</summary>
    protected abstract Task ServeAsync(NetworkStream stream);

    private async Task ServeAllAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await ServeAsync(stream);
        }
        catch (IOException)
        {
            // The mail server has what it wants to know.
        }
    }
}
