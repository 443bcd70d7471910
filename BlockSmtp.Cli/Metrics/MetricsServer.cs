using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlockSmtp.Cli.Metrics;

/// <summary>
/// Answers <c>GET /metrics</c> and nothing else, a few clients at a time, each with little text and little time. Who comes when there are
/// as many as there may be takes the place of the one who has been there longest: clients that say nothing keep nobody waiting.
/// </summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private const int MostClients = 8;
    private const int LongestRequest = 8 * 1024;
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly Func<string> _read;
    private readonly TimeSpan _patience;
    private readonly Lock _lock = new();
    private readonly Queue<CancellationTokenSource> _clients = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private MetricsServer(Socket listener, Func<string> read, TimeSpan patience)
    {
        (_listener, _read, _patience) = (listener, read, patience);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Listens from now on.</summary>
    /// <param name="address">Where.</param>
    /// <param name="read">The answer.</param>
    /// <param name="patience">How long a client may take; null for the usual time.</param>
    /// <exception cref="CommandException">The address cannot be listened on.</exception>
    public static MetricsServer Start(IPEndPoint address, Func<string> read, TimeSpan? patience = null)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(address);
            listener.Listen(MostClients);
            return new MetricsServer(listener, read, patience ?? UsualPatience);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new CommandException(
                    ExitCode.Unavailable, $"--metrics: another program listens on {address}: stop it, or name another port"),
                SocketError.AddressNotAvailable => new CommandException(
                    ExitCode.Unavailable,
                    $"--metrics: {address.Address} is no address of this machine: name one that is, such as 127.0.0.1"),
                SocketError.AccessDenied =>
                    new CommandException(ExitCode.NoPermission, $"--metrics: {address} may not be listened on: name a port above 1023"),
                _ => new CommandException(ExitCode.Unavailable, $"--metrics: {address} cannot be listened on: {e.Message}"),
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Whoever is served still has no more than a moment, and no socket but his own.
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
            }
            catch (SocketException)
            {
                // A client that was gone before it was taken, or no file descriptor left for it: in a moment there may be one.
                await Task.Delay(100, _stop.Token);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        deadline.CancelAfter(_patience);
        TakePlace(deadline);
        try
        {
            using (client)
            {
                var answer = await AnswerAsync(client, deadline.Token);
                for (var sent = 0; sent < answer.Length;)
                    sent += await client.SendAsync(answer.AsMemory(sent), deadline.Token);
                client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Gone, too slow, or another needs the place.
        }
        finally
        {
            LeavePlace(deadline);
        }
    }

    /// <summary>Takes a place, that of the one who has been there longest if there is no other.</summary>
    private void TakePlace(CancellationTokenSource client)
    {
        lock (_lock)
        {
            // Within the lock: who leaves puts it away after that. And not on this thread, where what was cancelled would go on.
            if (_clients.Count >= MostClients)
                _clients.Dequeue().CancelAfter(TimeSpan.Zero);
            _clients.Enqueue(client);
        }
    }

    private void LeavePlace(CancellationTokenSource client)
    {
        lock (_lock)
        {
            for (var left = _clients.Count; left > 0; left--)
            {
                var other = _clients.Dequeue();
                if (other != client)
                    _clients.Enqueue(other);
            }
        }
    }

    private async Task<byte[]> AnswerAsync(Socket client, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestRequest);
        try
        {
            var length = 0;
            while (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                if (length == LongestRequest)
                    return Say("431 Request Header Fields Too Large");
                var read = await client.ReceiveAsync(buffer.AsMemory(length, LongestRequest - length), cancellationToken);
                if (read == 0)
                    return Say("400 Bad Request");
                length += read;
            }

            return Answer(Encoding.ASCII.GetString(buffer.AsSpan(0, buffer.AsSpan(0, length).IndexOf("\r\n"u8))).Split(' '));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[] Answer(string[] request) => request switch
    {
        ["GET", var target, "HTTP/1.1" or "HTTP/1.0"] => target.Split('?')[0] == "/metrics" ? Say("200 OK", _read()) : Say("404 Not Found"),
        [_, _, "HTTP/1.1" or "HTTP/1.0"] => Say("405 Method Not Allowed", extra: "Allow: GET\r\n"),
        _ => Say("400 Bad Request"),
    };

    private static byte[] Say(string status, string? body = null, string extra = "")
    {
        body ??= status + "\n";
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {PrometheusText.ContentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
                + $"{extra}Connection: close\r\n\r\n{body}"));
    }
}
