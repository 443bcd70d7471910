using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Control;

/// <summary>
/// Answers what others ask of a running engine, through a Unix socket: one JSON request and one reply a line (docs/control.md).
/// </summary>
/// <remarks>
/// Only root, the user who runs it and, if so wished, the members of a group are answered; the kernel says who they are (SO_PEERCRED,
/// unix(7)). Whatever a client does, the engine does not wait for it: the server copies what it needs in the engine's turn and
/// writes it afterwards, requests are short, connections few, and those that are silent or slow are ended.
/// </remarks>
public sealed class ControlServer : IAsyncDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(0.2);

    private readonly ControlSocket _socket;
    private readonly ControlServerOptions _options;
    private readonly ControlAnswers _answers;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<ControlConnection> _connections = [];
    private readonly Task _accepting;
    private int _disposed;

    private ControlServer(DetectionEngine engine, ControlServerOptions options, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _answers = new ControlAnswers(engine, options, logger);
        _socket = ControlSocket.Listen(options.Path, options.Group);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Begins to listen. A socket that a dead daemon has left is replaced.</summary>
    /// <param name="engine">The engine; it need not run yet.</param>
    /// <param name="options">Where, for whom, and what else there is to tell; null for the defaults.</param>
    /// <param name="logger">Our own log; null for none (events 1200 to 1299).</param>
    /// <returns>The server; disposing it ends all connections and removes the socket.</returns>
    /// <exception cref="ControlException">Somebody listens there, or the socket cannot be made; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ControlServer Start(DetectionEngine engine, ControlServerOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        options ??= new ControlServerOptions();
        options.Validate();
        return new ControlServer(engine, options, logger ?? NullLogger.Instance);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] ending;
        lock (_lock)
            ending = [.. _connections.Select(connection => connection.Ended)];
        await Task.WhenAll(ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_stop.IsCancellationRequested)
                    return;
                // No descriptors left, say: that passes.
                _logger.ControlAcceptFailed(e.Message);
                await Task.Delay(Breath, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            Add(client);
        }
    }

    private void Add(Socket client)
    {
        ControlConnection connection;
        lock (_lock)
        {
            if (_connections.Count >= _options.MaxConnections)
            {
                // All of them at work means that each was heard a moment ago: the newcomer may try again.
                if (_connections.Where(known => known.IsSilent).MinBy(known => known.LastHeard) is not { } longest)
                {
                    client.Dispose();
                    return;
                }

                _connections.Remove(longest);
                longest.End();
            }

            connection = new ControlConnection(client, _answers, _options, _stop.Token);
            _connections.Add(connection);
        }

        connection.Start(Remove);
    }

    private void Remove(ControlConnection connection)
    {
        lock (_lock)
            _connections.Remove(connection);
    }
}
