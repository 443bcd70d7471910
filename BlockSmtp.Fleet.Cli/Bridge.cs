using BlockSmtp.Control;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Fleet.Cli;

/// <summary>
/// Carries words both ways between the daemon and the fleet. When the daemon is started again it hears all that is in force once
/// more, and says what it has itself.
/// </summary>
internal sealed class Bridge(IFleet fleet, string socket, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken stop)
    {
        for (var isTold = false; !stop.IsCancellationRequested;)
        {
            try
            {
                await using var hearing = await ControlClient.ConnectAsync(socket, cancellationToken: stop);
                await using var telling = await ControlClient.ConnectAsync(socket, cancellationToken: stop);
                await telling.TellAsync([], fleet.Status, stop);
                logger.DaemonFound(socket);
                isTold = false;
                using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
                // What is in force here before what is there: the server has most of it, and is not to be told again.
                var last = await HearAsync(hearing, 0, stop);
                var (hear, tell) = (HearOnAsync(hearing, last, end.Token), TellAsync(telling, end.Token));
                var first = await Task.WhenAny(hear, tell);
                await end.CancelAsync();
                await Task.WhenAll(hear, tell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await first;
            }
            catch (ControlException e)
            {
                if (!isTold)
                    logger.DaemonAway(e.Message);
                isTold = true;
            }
            catch (OperationCanceledException)
            {
                // Either the daemon or this program ends.
            }

            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HearOnAsync(ControlClient daemon, long last, CancellationToken cancellationToken)
    {
        while (true)
            last = await HearAsync(daemon, last, cancellationToken);
    }

    private async Task<long> HearAsync(ControlClient daemon, long after, CancellationToken cancellationToken)
    {
        var news = await daemon.HearAsync(after, cancellationToken);
        foreach (var word in news.Words)
            fleet.Announce(word);
        return news.Last;
    }

    private async Task TellAsync(ControlClient daemon, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = fleet.ListenAsync(end.Token).GetAsyncEnumerator(end.Token);
        var next = listening.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                // A status now and then, also while nobody says anything.
                await Task.WhenAny(next, Task.Delay(StatusInterval, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                if (!next.IsCompleted)
                {
                    await daemon.TellAsync([], fleet.Status, cancellationToken);
                    continue;
                }

                if (!await next)
                    return;
                await daemon.TellAsync(listening.Current, fleet.Status, cancellationToken);
                next = listening.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // Not before it has noticed that it is to end.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await listening.DisposeAsync();
        }
    }
}
