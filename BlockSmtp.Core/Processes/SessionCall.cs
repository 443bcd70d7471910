using System.Net;
using System.Net.Sockets;
using BlockSmtp.Sockets;

namespace BlockSmtp.Processes;

/// <summary>
/// One connection of a <see cref="SessionClient"/>: a question and its answer, one after the other. A server that was silent once is not
/// waited for again before it has answered something: whoever asks may be the one that decides about the next line.
/// </summary>
internal sealed class SessionCall : IDisposable
{
    private const string Silent = "it is silent";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly UnixDomainSocketEndPoint _server;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly SessionPresence _presence;
    private readonly Lock _lock = new();
    private Socket? _socket;
    private Socket? _probe;
    private long? _failed;
    private bool _disposed;

    /// <param name="path">The server's socket.</param>
    /// <param name="patience">How long an answer may take.</param>
    /// <param name="time">For when it is tried again.</param>
    /// <param name="presence">Told whether the server answers.</param>
    public SessionCall(string path, TimeSpan patience, TimeProvider time, SessionPresence presence) =>
        (_server, _patience, _time, _presence) = (new UnixDomainSocketEndPoint(path), patience, time, presence);

    /// <returns>False when there is no answer.</returns>
    public bool TryAsk(ReadOnlySpan<byte> request, out byte outcome, out IPAddress? peer, out EndedSession[] ended)
    {
        lock (_lock)
        {
            (outcome, peer, ended) = (0, null, []);
            if (_disposed || (_failed is { } failed && _time.GetElapsedTime(failed) < Pause) || IsStillSilent())
                return false;

            // One that was kept may be of a server that has been started anew since: that is no failure yet. One
            // that is silent would be so again.
            var wasKept = _socket is not null;
            if (TryAsk(request, ref outcome, ref peer, ref ended, out var reason)
                || (wasKept && reason != Silent && TryAsk(request, ref outcome, ref peer, ref ended, out reason)))
            {
                _failed = null;
                _presence.Back();
                return true;
            }

            _failed = _time.GetTimestamp();
            _presence.Away(reason);
            if (reason == Silent)
                _probe = Probe();
            return false;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _socket?.Dispose();
            _probe?.Dispose();
            _socket = _probe = null;
        }
    }

    /// <summary>
    /// Asks something that is answered at once by whoever answers at all, and waits for nothing; null when there is nobody to ask.
    /// </summary>
    private Socket? Probe()
    {
        Socket? probe = null;
        try
        {
            probe = Connect();
            Span<byte> request = stackalloc byte[SessionWire.RequestLength];
            SessionWire.WriteRequest(request, SessionWire.Find, 0, 0);
            SessionLine.SendAll(probe, request);
            return probe;
        }
        catch (SocketException)
        {
            probe?.Dispose();
            return null;
        }
    }

    /// <summary>
    /// Whether it was silent and has not answered since. What it has answered meanwhile is not looked at: only that it is there again.
    /// </summary>
    private bool IsStillSilent()
    {
        if (_probe is null)
            return false;
        // Readable is also what has hung up: a server that was started anew is worth a wait.
        if (!_probe.Poll(TimeSpan.Zero, SelectMode.SelectRead))
            return true;
        _probe.Dispose();
        _probe = null;
        return false;
    }

    private bool TryAsk(ReadOnlySpan<byte> request, ref byte outcome, ref IPAddress? peer, ref EndedSession[] ended, out string reason)
    {
        reason = "";
        try
        {
            _socket ??= Connect();
            SessionLine.SendAll(_socket, request);
            if (TryReadReply(_socket, ref outcome, ref peer, ref ended))
                return true;
            reason = "it has hung up";
        }
        catch (SocketException e)
        {
            reason = e.SocketErrorCode is SocketError.WouldBlock or SocketError.TimedOut ? Silent : e.Message;
        }

        // What may still come is the answer to this question, and not to the next.
        _socket?.Dispose();
        _socket = null;
        return false;
    }

    private Socket Connect()
    {
        var socket = UnixSockets.Make();
        socket.SendTimeout = socket.ReceiveTimeout = (int)_patience.TotalMilliseconds;
        try
        {
            socket.Connect(_server);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool TryReadReply(Socket socket, ref byte outcome, ref IPAddress? peer, ref EndedSession[] ended)
    {
        Span<byte> reply = stackalloc byte[SessionWire.ReplyLength];
        if (!SessionLine.TryReceiveAll(socket, reply))
            return false;
        (outcome, var count, peer) = SessionWire.ReadReply(reply);
        if (!Enum.IsDefined((PeerLookupOutcome)outcome) || count is < 0 or > SessionWire.MostSessions)
            return false;
        var bytes = new byte[count * SessionWire.SessionLength];
        if (!SessionLine.TryReceiveAll(socket, bytes))
            return false;
        ended = new EndedSession[count];
        for (var i = 0; i < count; i++)
            ended[i] = SessionWire.ReadSession(bytes.AsSpan(i * SessionWire.SessionLength));
        return Array.TrueForAll(ended, session => Enum.IsDefined(session.Means));
    }
}
