using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Milter.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Milter;

/// <summary>
/// Has a mail server ask an <see cref="IMilter"/>: speaks the milter protocol of sendmail and Postfix, versions 2 to 6, on a Unix socket
/// or by TCP. A session that waits for its client costs no thread.
/// </summary>
/// <remarks>
/// A mail server that sends what it must not is hung up on, and nothing else happens. How a mail server goes on when the milter is away
/// is its own setting: with none, as docs/milter.md has it, it takes the mail.
/// </remarks>
public sealed class MilterServer : IAsyncDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(0.2);

    // A session in which nothing waits to be read keeps no memory for it.
    private static readonly StreamPipeReaderOptions Reading = new(useZeroByteReads: true);

    private readonly MilterListener _listener;
    private readonly Func<IMilter> _open;
    private readonly MilterServerOptions _options;
    private readonly ILogger _logger;
    private readonly SharedMemory _memory;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _connections = 1;
    private bool _isFull;
    private int _disposed;

    private MilterServer(Func<IMilter> open, MilterServerOptions options, ILogger logger)
    {
        (_open, _options, _logger, _memory) = (open, options, logger, new SharedMemory(options.MaxMemory));
        _listener = options.Listener is { } listener ? MilterListener.Of(listener) : MilterListener.Listen(options.Address!, options.Group);
        Address = _listener.Address;
        logger.Listening(MilterAddress.Show(Address));
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens; with the port that was found where none was named.</summary>
    public EndPoint Address { get; }

    /// <summary>How many sessions there are now.</summary>
    public int Connections => Math.Max(0, Volatile.Read(ref _connections) - 1);

    /// <summary>Begins to listen. A Unix socket that a dead program has left is replaced.</summary>
    /// <param name="open">Makes the milter for each SMTP session. Called from any thread.</param>
    /// <param name="options">Where, and what is asked of; read now.</param>
    /// <param name="logger">Our own log; null for none (events 1700 to 1799).</param>
    /// <returns>The server; disposing it ends all sessions and removes the socket.</returns>
    /// <exception cref="MilterException">Somebody listens there, or the socket cannot be made; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MilterServer Start(Func<IMilter> open, MilterServerOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new MilterServer(open, options, logger ?? NullLogger.Instance);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Leave();
        await _allEnded.Task.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
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
                _logger.AcceptFailed(e.Message);
                await Task.Delay(Breath, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Serve(Socket client)
    {
        var isFull = Connections >= _options.MaxConnections;
        if (isFull && !_isFull)
            _logger.TooMany(Connections);
        _isFull = isFull;
        if (isFull)
        {
            client.Dispose();
            return;
        }

        Interlocked.Increment(ref _connections);
        _ = ServeAsync(client);
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        try
        {
            if (client.ProtocolType == ProtocolType.Tcp)
                client.NoDelay = true;
            var stream = new NetworkStream(client, ownsSocket: true);
            await using (stream.ConfigureAwait(false))
            {
                var connection = new MilterConnection(
                    PipeReader.Create(stream, Reading), PipeWriter.Create(stream), _open, _options, _memory, _logger);
                await connection.RunAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It was gone before it had said a word.
            client.Dispose();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>One less; the listener itself counts as one.</summary>
    private void Leave()
    {
        if (Interlocked.Decrement(ref _connections) == 0)
            _allEnded.SetResult();
    }
}
