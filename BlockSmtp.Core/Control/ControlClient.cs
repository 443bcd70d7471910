using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace BlockSmtp.Control;

/// <summary>Asks a running daemon through its control socket. One request at a time.</summary>
/// <remarks>
/// Every member throws <see cref="ControlException"/> when the daemon refuses, or is gone. After a request that was given up, by its token
/// or since the answer took too long, the connection is closed, and so is the client for all further requests: connect anew.
/// </remarks>
public sealed class ControlClient : IAsyncDisposable
{
    // Larger than the longest list of blocks.
    private const long LongestReply = 512L * 1024 * 1024;

    // Less than a request may have, however long each is.
    private const int WordsTold = 250;

    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private readonly string _path;
    private readonly TimeSpan _timeout;
    private byte[] _buffer = new byte[16 * 1024];
    private bool _hasFailed;

    private ControlClient(Socket socket, string path, TimeSpan timeout) => (_socket, _path, _timeout) = (socket, path, timeout);

    /// <summary>
    /// On whose behalf root asks, such as what <c>SUDO_USER</c> says: it is in the daemon's log. Of anybody else it is
    /// ignored. Default: null, on his own.
    /// </summary>
    public string? By { get; set; }

    /// <summary>Connects to a daemon.</summary>
    /// <param name="path">Its socket.</param>
    /// <param name="timeout">How long a reply may take: more than zero, at most 49 days; null for 30 seconds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A client.</returns>
    /// <exception cref="ControlException">Nobody listens there (<see cref="ControlErrorCode.NotRunning"/>), or this user may not ask
    /// (<see cref="ControlErrorCode.NotPermitted"/>).</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public static async Task<ControlClient> ConnectAsync(
        string path = ControlServerOptions.UsualPath, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var longest = timeout ?? TimeSpan.FromSeconds(30);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longest, TimeSpan.Zero, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longest, LongestTimer.Time, nameof(timeout));
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await ConnectAsync(socket, path, cancellationToken).ConfigureAwait(false);
            return new ControlClient(socket, path, longest);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            socket.Dispose();
            throw new ControlException(
                ControlErrorCode.NotPermitted,
                $"this user may not open '{path}': ask as root, or start the daemon with --control-group",
                e);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new ControlException(
                ControlErrorCode.NotRunning, $"no daemon listens on '{path}': is it running, and with this --control-socket?", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>How the daemon is doing.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its status.</returns>
    public async Task<DaemonStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Need((await AskAsync(new ControlRequest { Command = "status" }, cancellationToken).ConfigureAwait(false)).Status);

    /// <summary>What is blocked now.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The blocks, in any order.</returns>
    public async Task<IReadOnlyList<Block>> GetBlocksAsync(CancellationToken cancellationToken = default) =>
        Need((await AskAsync(new ControlRequest { Command = "list" }, cancellationToken).ConfigureAwait(false)).Blocks);

    /// <summary>Why a host is blocked, or is not.</summary>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the engine knows, and the blocks of the host that are over; null for those where no history is kept.</returns>
    public async Task<HostRecord> ExplainAsync(IPAddress host, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(new ControlRequest { Command = "why", Address = host }, cancellationToken).ConfigureAwait(false);
        return new HostRecord(Need(reply.Explanation), reply.History);
    }

    /// <summary>Whether a network is blocked as a whole, and who in it is.</summary>
    /// <param name="network">The network.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the engine knows, and the blocks of exactly this network that are over; null for those where no history is
    /// kept.</returns>
    public async Task<NetworkRecord> ExplainNetworkAsync(
        IPNetwork network, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(new ControlRequest { Command = "why", Network = network }, cancellationToken).ConfigureAwait(false);
        return new NetworkRecord(Need(reply.Network), reply.History);
    }

    /// <summary>Blocks a host or network. A block of it that lasts longer already stays, and is returned.</summary>
    /// <param name="network">Whom.</param>
    /// <param name="time">For how long, at least a second; null for the daemon's own block time.</param>
    /// <param name="reason">Why, in words for a person; null for who has asked.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The block.</returns>
    /// <exception cref="ControlException">It is trusted (<see cref="ControlErrorCode.Trusted"/>), or as everywhere.</exception>
    public async Task<Block> BlockAsync(
        IPNetwork network, TimeSpan? time = null, string? reason = null, CancellationToken cancellationToken = default)
    {
        var outcome = await BlockAsync(new BlockWish(network) { Time = time, Reason = reason }, cancellationToken).ConfigureAwait(false);
        return outcome.Block!;
    }

    /// <summary>Blocks a host or network.</summary>
    /// <param name="wish">Whom, for how long and why.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The block, which is never null here, and whether it is one that there was.</returns>
    /// <exception cref="ControlException">It is trusted (<see cref="ControlErrorCode.Trusted"/>), or as everywhere.</exception>
    public async Task<BlockOutcome> BlockAsync(BlockWish wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var request = new ControlRequest
        {
            Command = "block",
            Network = wish.Network,
            ForSeconds = wish.Time?.TotalSeconds,
            Reason = wish.Reason,
            Shorten = wish.Shortens,
            By = wish.By ?? By,
        };
        var reply = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return new BlockOutcome(Need(reply.Block), null) { IsKept = reply.Kept ?? false };
    }

    /// <summary>Ends the block of a host or network.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What still blocks it, or a part of it.</returns>
    /// <exception cref="ControlException">It is not blocked (<see cref="ControlErrorCode.NotBlocked"/>), or as everywhere.</exception>
    public async Task<UnblockOutcome> UnblockAsync(IPNetwork network, CancellationToken cancellationToken = default)
    {
        var reply = await AskAsync(
            new ControlRequest { Command = "unblock", Network = network, By = By }, cancellationToken).ConfigureAwait(false);
        return new UnblockOutcome { Wider = reply.Wider, Within = reply.Within ?? 0 };
    }

    /// <summary>Ends all blocks.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> UnblockAllAsync(CancellationToken cancellationToken = default) =>
        Need((await AskAsync(new ControlRequest { Command = "unblock", All = true, By = By }, cancellationToken).ConfigureAwait(false))
            .Released);

    /// <summary>Finds earlier and current blocks, the latest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The blocks.</returns>
    /// <exception cref="ControlException">No history is kept (<see cref="ControlErrorCode.NoHistory"/>), or as everywhere.</exception>
    public async Task<IReadOnlyList<BlockRecord>> FindAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var request = new ControlRequest
        {
            Command = "history",
            Address = query.Host,
            Network = query.Network,
            From = query.From,
            Limit = query.Limit,
        };
        var found = Need((await AskAsync(request, cancellationToken).ConfigureAwait(false)).History);
        return query.OnlyCurrent ? [.. found.Where(block => block.IsCurrent)] : found;
    }

    /// <summary>What the engine did of late.</summary>
    /// <param name="after">Only events after this one (<see cref="ActivityReport.Last"/>); 0 for all that are remembered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Events, and the hosts that offend now.</returns>
    public async Task<ActivityReport> GetActivityAsync(long after = 0, CancellationToken cancellationToken = default) =>
        Need(
            (await AskAsync(new ControlRequest { Command = "activity", After = after }, cancellationToken).ConfigureAwait(false)).Activity);

    /// <summary>Has the daemon read its configuration and white-list again, all of it or nothing.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ControlException">Something in them is wrong
    /// (<see cref="ControlErrorCode.BadConfiguration"/>), or as everywhere.</exception>
    public async Task<ReloadReport> ReloadAsync(CancellationToken cancellationToken = default) =>
        Need((await AskAsync(new ControlRequest { Command = "reload", By = By }, cancellationToken).ConfigureAwait(false)).Reload);

    /// <summary>On a fleet's socket: what the daemon has to say to others; waits for some seconds while there is nothing.</summary>
    /// <param name="after">What was heard last (<see cref="FleetNews.Last"/>); all up to it is known to have been heard. 0 on a new
    /// connection, to hear all that is in force.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The words; none when nothing is new.</returns>
    public async Task<FleetNews> HearAsync(long after, CancellationToken cancellationToken = default) =>
        Need((await AskAsync(new ControlRequest { Command = "hear", After = after }, cancellationToken).ConfigureAwait(false)).News);

    /// <summary>On a fleet's socket: tells the daemon what others have said; when it ends, the daemon has acted on it.</summary>
    /// <param name="words">The words, in order; may be none.</param>
    /// <param name="status">How the fleet does; null for as before.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when all are told.</returns>
    public async Task TellAsync(IReadOnlyList<FleetWord> words, FleetStatus? status = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(words);
        for (var from = 0; from == 0 || from < words.Count; from += WordsTold)
        {
            var request = new ControlRequest { Command = "tell", Words = [.. words.Skip(from).Take(WordsTold)], Fleet = status };
            await AskAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A daemon that many connect to at once refuses some (EAGAIN, connect(2)): they may try again.</summary>
    private static async Task ConnectAsync(Socket socket, string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock && attempt < Attempts)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ControlReply> AskAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        if (_hasFailed)
            throw new ControlException(
                ControlErrorCode.Failed,
                $"an earlier request has failed, and with it the connection to the daemon on '{_path}': connect anew");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        ControlReply? reply;
        try
        {
            reply = await ExchangeAsync(request, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is SocketException or JsonException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ControlException(ControlErrorCode.Failed, e is OperationCanceledException
                ? $"the daemon on '{_path}' did not answer within {_timeout.TotalSeconds:0} s"
                : $"the daemon on '{_path}' gave no proper answer: {e.Message}", e);
        }

        return reply switch
        {
            null => throw new ControlException(ControlErrorCode.Failed, "the daemon gave an empty answer"),
            { Error: { } error } => throw new ControlException(error.Code, error.Message),
            _ => reply,
        };
    }

    private async Task<ControlReply?> ExchangeAsync(ControlRequest request, CancellationToken cancellationToken)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest), (byte)'\n'];
        try
        {
            await SendAsync(line, cancellationToken).ConfigureAwait(false);
            var length = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(_buffer.AsSpan(0, length), ControlJson.Default.ControlReply);
        }
        catch
        {
            // What the daemon may still answer would be taken for the answer to the next request.
            _hasFailed = true;
            _socket.Dispose();
            throw;
        }
    }

    private async Task SendAsync(byte[] line, CancellationToken cancellationToken)
    {
        try
        {
            for (var sent = 0; sent < line.Length;)
                sent += await _socket.SendAsync(line.AsMemory(sent), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // Refused at once; what it has said before it closed is still to be read.
        }
    }

    private async Task<int> ReadLineAsync(CancellationToken cancellationToken)
    {
        for (var filled = 0; ;)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new IOException("it has closed the connection");
            var end = _buffer.AsSpan(filled, read).IndexOf((byte)'\n');
            if (end >= 0)
                return filled + end;
            filled += read;
            if (filled > LongestReply)
                throw new IOException("it is too long");
            if (filled == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private static T Need<T>(T? answer)
        where T : class => answer ?? throw new ControlException(ControlErrorCode.Failed, "the daemon's answer lacks what was asked for");

    private static int Need(int? answer) =>
        answer ?? throw new ControlException(ControlErrorCode.Failed, "the daemon's answer lacks what was asked for");
}
