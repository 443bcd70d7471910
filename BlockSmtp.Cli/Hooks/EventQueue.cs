using System.Threading.Channels;
using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Hooks;

/// <summary>
/// Passes events on, one after the other and not faster than <see cref="EventPace"/> allows, while nobody waits for it. What is too
/// many is dropped, counted and said.
/// </summary>
internal sealed class EventQueue : IAsyncDisposable
{
    /// <summary>How many events may wait.</summary>
    public const int Most = 1000;

    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(1);

    private readonly Channel<Func<long, byte[]>> _waiting =
        Channel.CreateBounded<Func<long, byte[]>>(new BoundedChannelOptions(Most) { SingleReader = true });

    private readonly CancellationTokenSource _stop = new();
    private readonly IEventReceiver _receiver;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventFigures _figures = new();
    private readonly EventPace _pace;
    private readonly Task _passing;
    private long _dropped;

    // Of the task that passes on.
    private long _saidAt;
    private long _toldDropped;
    private long _saidDropped;
    private long _failures;
    private string? _failure;

    /// <param name="receiver">Who is told.</param>
    /// <param name="patience">How long one event may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Our own log.</param>
    public EventQueue(IEventReceiver receiver, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        (_receiver, _patience, _time, _logger) = (receiver, patience, time, logger);
        _pace = new EventPace(time);
        _saidAt = time.GetTimestamp() - (long)(SayAgain.TotalSeconds * time.TimestampFrequency);
        _passing = Task.Run(PassAsync);
    }

    /// <summary>Takes an event; never waits.</summary>
    /// <param name="write">Writes it, told how many before it were dropped.</param>
    public void Add(Func<long, byte[]> write)
    {
        if (_waiting.Writer.TryWrite(write))
            return;
        Interlocked.Increment(ref _dropped);
        _figures.OnDropped();
    }

    /// <summary>Has what is being passed on a second to end; says how many were not.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _stop.CancelAfter(AtTheEnd);
        await _passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_waiting.Reader.TryRead(out _))
            Interlocked.Increment(ref _dropped);
        Say(atOnce: true);
        _stop.Dispose();
        _figures.Dispose();
    }

    private async Task PassAsync()
    {
        await foreach (var write in _waiting.Reader.ReadAllAsync(_stop.Token))
        {
            try
            {
                await PassAsync(write);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _dropped);
                throw;
            }

            Say();
        }
    }

    private async Task PassAsync(Func<long, byte[]> write)
    {
        var wait = _pace.Next();
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, _time, _stop.Token);
        var dropped = Interlocked.Read(ref _dropped);
        var failure = await PassAsync(write(dropped - _toldDropped));
        if (failure is null)
            _toldDropped = dropped;
        else
            (_failure, _failures) = (failure, _failures + 1);
        _figures.OnPassed(failure is null);
    }

    private async Task<string?> PassAsync(byte[] json)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(_patience);
        try
        {
            return await _receiver.PassAsync(json, patience.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return $"it was not done within {_patience.TotalSeconds:0} s";
        }
#pragma warning disable CA1031 // Whatever a program of somebody else's comes to, the next event is passed on.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }

    /// <summary>The first failure and the first event that is dropped are said at once, what follows once a minute.</summary>
    private void Say(bool atOnce = false)
    {
        var dropped = Interlocked.Read(ref _dropped) - _saidDropped;
        if ((dropped == 0 && _failure is null) || (!atOnce && _time.GetElapsedTime(_saidAt) < SayAgain))
            return;
        if (_failure is not null)
            _logger.EventsFailed(_failures, _receiver.Name, _failure);
        if (dropped > 0)
            _logger.EventsDropped(dropped, _receiver.Name);
        _saidAt = _time.GetTimestamp();
        _saidDropped += dropped;
        (_failure, _failures) = (null, 0);
    }
}
