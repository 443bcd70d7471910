using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Milter.Protocol;

/// <summary>Speaks with one process of a mail server, which serves one client, or several one after the other.</summary>
internal sealed class MilterConnection(
    PipeReader input, PipeWriter output, Func<IMilter> open, MilterServerOptions options, SharedMemory memory, ILogger logger)
{
    // No mail server comes near that which is asked for no more than a recipient. What is beyond it all connections have in common.
    private const int OwnMemory = 4 * 1024;

    private readonly MilterSession _session = new();
    private byte[] _whole = [];
    private long _shared;
    private IMilter? _milter;

    /// <summary>Answers until the mail server has hung up, has sent what it must not, or the server stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadAsync(cancellationToken).ConfigureAwait(false))
            {
            }
        }
        catch (PacketException e)
        {
            logger.BadPacket(e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The mail server is gone, or we are to go.
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
            await input.CompleteAsync().ConfigureAwait(false);
            await output.CompleteAsync().ConfigureAwait(false);
            memory.GiveBack(_shared);
        }
    }

    /// <summary>Answers what has come meanwhile. False when nothing more will. It waits for each packet, so its state is used
    /// again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
        var received = read.Buffer;
        while (Packet.TryTake(ref received, options.MaxPacket, out var command, out var body))
        {
            if (command == Command.Quit)
                return false;
            await TakeAsync(command, Whole(body), cancellationToken).ConfigureAwait(false);
        }

        Share(received.Length);
        input.AdvanceTo(received.Start, received.End);
        return !read.IsCompleted;
    }

    /// <summary>Accounts for what is kept, together with a packet of which a part is missing.</summary>
    /// <exception cref="PacketException">There is not as much for all.</exception>
    private void Share(long part)
    {
        var kept = Math.Max(0, _session.MacroBytes + _whole.Length + part - OwnMemory);
        if (kept > _shared && !memory.TryTake(kept - _shared))
            throw new PacketException("more than is kept for all sessions together");
        if (kept < _shared)
            memory.GiveBack(_shared - kept);
        _shared = kept;
    }

    private ValueTask<FlushResult> TakeAsync(byte command, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (_session.Version == 0 && command != Command.Negotiate)
            throw new PacketException("a command before the versions are agreed on");
        switch (command)
        {
            case Command.Negotiate:
                _session.Version = Negotiation.Answer(body.Span, options, output);
                return output.FlushAsync(cancellationToken);
            case Command.Macros:
                if (body.IsEmpty)
                    throw new PacketException("macros for no command");
                _session.SetMacros(body.Span[0], body.Span[1..]);
                return default;
            case Command.Abort:
                return AbortAsync(cancellationToken);
            case Command.QuitAndConnect:
                return CloseAndClearAsync();
            default:
                return AnswerAsync(command, body, cancellationToken);
        }
    }

    /// <summary>Asks the milter, and sends what it says. Most say it at once, and that costs no more memory.</summary>
    private ValueTask<FlushResult> AnswerAsync(byte command, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        ValueTask<MilterReply> asked;
        try
        {
            asked = AskAsync(command, body, cancellationToken);
        }
        catch (Exception e) when (IsOfMilter(e, cancellationToken))
        {
            asked = new(GoOnAfter(e));
        }

        return asked.IsCompletedSuccessfully ? SendAsync(asked.Result, cancellationToken) : SendLateAsync(asked, cancellationToken);
    }

    /// <summary>What the milter says of a command.</summary>
    private ValueTask<MilterReply> AskAsync(byte command, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case Command.Connect:
                var (client, port) = ClientAddress.Read(body);
                _session.SetClient(client, port);
                return Milter.ConnectAsync(_session, cancellationToken);
            case Command.Helo:
                return Milter.HeloAsync(_session, Packet.FirstText(body), cancellationToken);
            case Command.Mail:
                _session.ForgetMacrosAfter(Command.Mail);
                return Milter.MailAsync(_session, Packet.FirstText(body), cancellationToken);
            case Command.Recipient:
                return Milter.RecipientAsync(_session, Packet.FirstText(body), cancellationToken);
            case Command.Unknown:
                return Milter.UnknownAsync(_session, Packet.FirstText(body), cancellationToken);
            case Command.EndOfMessage:
                return Milter.EndOfMessageAsync(_session, cancellationToken);
            // A mail server that is too old to leave them out.
            case Command.Data or Command.Header or Command.EndOfHeaders or Command.Body:
                return new(MilterReply.Continue);
            default:
                throw new PacketException($"an unknown command {command}");
        }
    }

    private IMilter Milter => _milter ??= open();

    private ValueTask<FlushResult> SendAsync(MilterReply reply, CancellationToken cancellationToken) =>
        output.WriteAsync(reply.Bytes, cancellationToken);

    private async ValueTask<FlushResult> SendLateAsync(ValueTask<MilterReply> asked, CancellationToken cancellationToken)
    {
        MilterReply reply;
        try
        {
            reply = await asked.ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfMilter(e, cancellationToken))
        {
            reply = GoOnAfter(e);
        }

        return await SendAsync(reply, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<FlushResult> AbortAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_milter is not null)
                await _milter.AbortAsync(_session, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfMilter(e, cancellationToken))
        {
            GoOnAfter(e);
        }

        _session.ForgetMacrosAfter(Command.Helo);
        return default;
    }

    private static bool IsOfMilter(Exception e, CancellationToken cancellationToken) =>
        e is not PacketException && (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested);

    /// <summary>Whatever a milter throws, mail goes on.</summary>
    private MilterReply GoOnAfter(Exception e)
    {
        logger.MilterFailed(e);
        return MilterReply.Continue;
    }

    private async ValueTask<FlushResult> CloseAndClearAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _session.Clear();
        return default;
    }

    private async ValueTask CloseAsync()
    {
        if (_milter is not { } milter)
            return;
        _milter = null;
        try
        {
            await milter.CloseAsync(_session).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a milter throws, the next session is served.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.MilterFailed(e);
        }
    }

    /// <summary>A packet in one piece: as it lies there, or, if its end came later than its begin, a copy.</summary>
    private ReadOnlyMemory<byte> Whole(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
            return body.First;
        var length = (int)body.Length;
        if (_whole.Length < length)
            _whole = new byte[length];
        body.CopyTo(_whole);
        return _whole.AsMemory(0, length);
    }
}
