using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Detection;

/// <summary>
/// Brings what was decided into the firewall: all that has come up since the last call in one call. What fails is told,
/// and tried again until it is in place; nothing is lost.
/// </summary>
/// <param name="firewall">The firewall.</param>
/// <param name="changes">What it is to be told.</param>
/// <param name="wanted">Everything that is to be blocked; what waits in <paramref name="changes"/> is in it.</param>
/// <param name="reaping">Ends the sessions of those whose packets are dropped.</param>
/// <param name="time">Delays.</param>
/// <param name="logger">Our own log.</param>
internal sealed class Enforcer(
    IFirewall firewall, FirewallChanges changes, Func<(IReadOnlyCollection<Block> Blocks, IReadOnlyList<FirewallChange> Changes)> wanted, Reaping? reaping, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await changes.WaitAsync(cancellationToken).ConfigureAwait(false);
            await ApplyAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the firewall what there is to tell.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        var batch = changes.Take();
        if (batch.Count == 0)
            return;
        var start = Stopwatch.GetTimestamp();
        try
        {
            await firewall.ApplyAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            changes.PutBack(batch);
            throw;
        }
#pragma warning disable CA1031 // A backend of somebody else's may throw what it likes: the block stays wanted.
        catch (Exception e)
#pragma warning restore CA1031
        {
            changes.PutBack(batch);
            await MendAsync(e.Message, cancellationToken).ConfigureAwait(false);
            return;
        }

        logger.InForce(batch.Count, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        Reap(batch);
    }

    /// <summary>Tries until everything that is wanted is in place, whatever state the failure has left.</summary>
    private async Task MendAsync(string failure, CancellationToken cancellationToken)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            logger.FirewallFailed(DelayText(delay), failure);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            var (blocks, overtaken) = wanted();
            try
            {
                await firewall.StartAsync(blocks, cancellationToken).ConfigureAwait(false);
                logger.FirewallMended(blocks.Count);
                Reap(overtaken);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                changes.PutBack(overtaken);
                failure = e.Message;
            }
        }
    }

    private static string DelayText(TimeSpan delay) => FormattableString.Invariant($"{delay.TotalSeconds:0.#} s");

    private void Reap(IEnumerable<FirewallChange> made)
    {
        foreach (var change in made)
        {
            if (change.IsBlock)
                reaping?.Add(change.Network);
        }
    }
}
