using BlockSmtp.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Sharing;

/// <summary>Listens to the fleet for as long as the engine runs. A fleet that fails is told once, and listened to again.</summary>
internal sealed class FleetEar(
    IFleet fleet, Func<IReadOnlyList<FleetWord>, CancellationToken, Task> take, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Not on the caller's thread: there is more to start.
        await Task.Yield();
        for (var hasFailed = false; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                await foreach (var words in fleet.ListenAsync(cancellationToken).ConfigureAwait(false))
                {
                    hasFailed = false;
                    await take(words, cancellationToken).ConfigureAwait(false);
                }
            }
#pragma warning disable CA1031 // Whatever a fleet of somebody else's throws, blocking goes on.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!hasFailed)
                    logger.FleetFailed(fleet.GetType().Name, e);
                hasFailed = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
