using System.Net.Sockets;
using System.Text.Json;
using BlockSmtp.Sockets;

namespace BlockSmtp.Control;

/// <summary>One client of a <see cref="ControlServer"/>: reads its requests, one after the other, and answers each.</summary>
internal sealed class ControlConnection
{
    private const int FirstBuffer = 4 * 1024;

    // So many requests a second are plenty for people, and no load for the machine.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket;
    private readonly ControlAnswers _answers;
    private readonly ControlServerOptions _options;
    private readonly CancellationTokenSource _end;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _buffer = new byte[FirstBuffer];
    private int _filled;
    private long _lastHeard = Environment.TickCount64;
    private volatile bool _isSilent = true;

    public ControlConnection(Socket socket, ControlAnswers answers, ControlServerOptions options, CancellationToken stop)
    {
        (_socket, _answers, _options) = (socket, answers, options);
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    /// <summary>When a whole request came last, or the connection if none did.</summary>
    public long LastHeard => Interlocked.Read(ref _lastHeard);

    /// <summary>Whether no request of it is being answered.</summary>
    public bool IsSilent => _isSilent;

    public Task Ended => _ended.Task;

    public void Start(Action<ControlConnection> ended) => _ = RunAsync(ended);

    public void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task RunAsync(Action<ControlConnection> ended)
    {
        await Task.Yield();
        try
        {
            var peer = SocketPeer.Of(_socket);
            if (!peer.MayAsk(_socket, _options.Group))
            {
                await WriteAsync(_answers.Refuse(peer)).ConfigureAwait(false);
                return;
            }

            while (await ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                Interlocked.Exchange(ref _lastHeard, Environment.TickCount64);
                _isSilent = false;
                var reply = await _answers.AnswerAsync(line, peer, _end.Token).ConfigureAwait(false);
                await WriteAsync(reply).ConfigureAwait(false);
                if (reply.Error?.Code == ControlErrorCode.BadRequest)
                    return;
                _isSilent = true;
                await Task.Delay(Pause, _end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The client is gone, was too slow, or has to make room.
        }
        finally
        {
            ended(this);
            _socket.Dispose();
            _end.Dispose();
            _ended.SetResult();
        }
    }

    /// <summary>The next line; null when there is none any more. One that is too long comes as it is so far, which is no JSON.</summary>
    private async Task<byte[]?> ReadLineAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        patience.CancelAfter(_options.Timeout);
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(searched, _filled - searched).IndexOf((byte)'\n');
            if (end >= 0)
                return Take(searched + end);
            searched = _filled;
            if (_filled > _options.LongestRequest)
                return Take(_filled - 1);
            if (_filled == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), patience.Token).ConfigureAwait(false);
            if (read == 0)
                return null;
            _filled += read;
        }
    }

    private byte[] Take(int length)
    {
        var line = _buffer[..length];
        _filled -= length + 1;
        _buffer.AsSpan(length + 1, _filled).CopyTo(_buffer);
        return line;
    }

    private async Task WriteAsync(ControlReply reply)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        patience.CancelAfter(_options.Timeout);
        await using var stream = new NetworkStream(_socket, ownsSocket: false);
        await using var buffered = new BufferedStream(stream, 16 * 1024);
        await JsonSerializer.SerializeAsync(buffered, reply, ControlJson.Default.ControlReply, patience.Token).ConfigureAwait(false);
        await buffered.WriteAsync("\n"u8.ToArray(), patience.Token).ConfigureAwait(false);
        await buffered.FlushAsync(patience.Token).ConfigureAwait(false);
    }
}
