using System.Net.Sockets;
using BlockSmtp.Sockets;
using Microsoft.Extensions.Logging;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Processes;

/// <summary>
/// Looks into the mail server's processes and ends their sessions for a <see cref="SessionClient"/> in another process, so that the one
/// that reads hostile text needs no right to do either. What may be asked for is little: the client of a process, and the end of the
/// sessions of some hosts. It finds out for itself which processes are a mail server's, as <see cref="SendmailPeerLookup"/> and
/// <see cref="SendmailReaper"/> do; whoever asks can have nothing else looked at or ended.
/// </summary>
/// <remarks>Only root and the user who runs it are answered; the kernel says who they are (SO_PEERCRED, unix(7)).</remarks>
public sealed class SessionServer : IDisposable
{
    // A daemon has two: one that is answered at once, and one that waits for sessions to end.
    private const int MostConnections = 8;

    private readonly Socket _listener;
    private readonly string? _path;
    private readonly SendmailPeerLookup _lookup;
    private readonly SendmailReaper _reaper;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _connections = [];

    /// <summary>Creates a server on a socket that listens already.</summary>
    /// <param name="listener">A stream socket of the family unix; disposed of with the server.</param>
    /// <param name="options">Which connections are the mail server's.</param>
    /// <param name="logger">Told of each session that ends (events 1400 to 1499); null for none.</param>
    /// <exception cref="ArgumentException">An address or a port in the options that no connection can have.</exception>
    public SessionServer(Socket listener, SendmailProcessOptions options, ILogger<SendmailReaper>? logger = null)
        : this(listener, null, options, logger)
    {
    }

    private SessionServer(Socket listener, string? path, SendmailProcessOptions options, ILogger<SendmailReaper>? logger)
    {
        ArgumentNullException.ThrowIfNull(listener);
        (_listener, _path) = (listener, path);
        _lookup = new SendmailPeerLookup(options);
        _reaper = new SendmailReaper(options, null, logger);
    }

    /// <summary>Creates a server that listens on a socket of its own, which only its user and root can open.</summary>
    /// <param name="path">Where; what is there is replaced.</param>
    /// <param name="options">Which connections are the mail server's.</param>
    /// <param name="logger">Told of each session that ends (events 1400 to 1499); null for none.</param>
    /// <returns>The server; disposing of it removes the socket.</returns>
    /// <exception cref="ArgumentException">The path is too long for a socket, or an address or a port is none that a
    /// connection can have.</exception>
    /// <exception cref="IOException">The socket cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The socket may not be made there.</exception>
    public static SessionServer Listen(string path, SendmailProcessOptions options, ILogger<SendmailReaper>? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var listener = UnixSockets.Make();
        try
        {
            UnixSockets.Listen(listener, path);
            return new SessionServer(listener, path, options, logger);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException(e.Message, e);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Answers until it is told to stop.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A task that ends then.</returns>
    /// <exception cref="SocketException">It cannot listen any more.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (SocketPeer.Of(client).MayAsk(client, null) && TryAdd(client))
                    new Thread(() => Serve(client)) { IsBackground = true, Name = "sessions" }.Start();
                else
                    client.Dispose();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // An orderly stop.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            foreach (var connection in _connections)
                HangUp(connection);
        }

        if (_path is not null)
            UnixSockets.Remove(_path);
    }

    /// <summary>Ends a connection that a thread may wait at: to put it away alone would not wake that.</summary>
    private static void HangUp(Socket connection)
    {
        try
        {
            connection.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone by itself.
        }
    }

    private bool TryAdd(Socket client)
    {
        lock (_lock)
            return _connections.Count < MostConnections && _connections.Add(client);
    }

    private void Serve(Socket client)
    {
        try
        {
            // A thread waits in it, which is woken in some microseconds; the thread pool takes longer.
            var request = new byte[SessionWire.RequestLength];
            while (SessionLine.TryReceiveAll(client, request) && TryAnswer(client, request))
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone.
        }
        finally
        {
            lock (_lock)
                _connections.Remove(client);
            client.Dispose();
        }
    }

    /// <returns>False for what is no request: that is not answered, and nothing more of it is read.</returns>
    private bool TryAnswer(Socket client, ReadOnlySpan<byte> request)
    {
        var (kind, number, ticks) = SessionWire.ReadRequest(request);
        switch (kind)
        {
            case SessionWire.Find when ticks >= 0 && ticks <= DateTime.MaxValue.Ticks:
                Span<byte> reply = stackalloc byte[SessionWire.ReplyLength];
                var result = _lookup.FindPeer(number, ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero));
                SessionWire.WriteReply(reply, (byte)result.Outcome, 0, result.Peer);
                SessionLine.SendAll(client, reply);
                return true;
            case SessionWire.EndOfPeers when number is > 0 and <= SessionWire.MostNetworks:
                var bytes = new byte[number * SessionWire.NetworkLength];
                var networks = new System.Net.IPNetwork[number];
                if (!SessionLine.TryReceiveAll(client, bytes))
                    return false;
                for (var i = 0; i < number; i++)
                {
                    if (!SessionWire.TryReadNetwork(bytes.AsSpan(i * SessionWire.NetworkLength), out networks[i]))
                        return false;
                }

                Tell(client, _reaper.EndSessionsAsync(networks, default));
                return true;
            case SessionWire.EndStuck when ticks > 0:
                Tell(client, _reaper.EndStuckSessionsAsync(TimeSpan.FromTicks(ticks), default));
                return true;
            case SessionWire.EndStalled when ticks > 0:
                Tell(client, _reaper.EndStalledSessionsAsync(TimeSpan.FromTicks(ticks), default));
                return true;
            default:
                return false;
        }
    }

    private static void Tell(Socket client, ValueTask<IReadOnlyList<EndedSession>> ending)
    {
        var ended = ending.AsTask().GetAwaiter().GetResult();
        var count = Math.Min(ended.Count, SessionWire.MostSessions);
        var reply = new byte[SessionWire.ReplyLength + (count * SessionWire.SessionLength)];
        SessionWire.WriteReply(reply, 0, count, null);
        for (var i = 0; i < count; i++)
            SessionWire.WriteSession(reply.AsSpan(SessionWire.ReplyLength + (i * SessionWire.SessionLength)), ended[i]);
        SessionLine.SendAll(client, reply);
    }
}
