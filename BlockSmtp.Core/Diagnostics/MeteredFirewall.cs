using System.Net;

namespace BlockSmtp.Diagnostics;

/// <summary>
/// Measures the calls of another firewall, and the time from a line to the drop; whatever it throws comes as a
/// <see cref="FirewallException"/> that names it.
/// </summary>
internal sealed class MeteredFirewall(IFirewall firewall, EngineMetrics metrics) : IFirewall
{
    public async ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken)
    {
        await Measure(FirewallCall.Start, firewall.StartAsync, blocks, cancellationToken).ConfigureAwait(false);
        foreach (var block in blocks)
            metrics.InForce(block.Network, isBlocked: true);
    }

    public async ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken)
    {
        await Measure(FirewallCall.Apply, firewall.ApplyAsync, changes, cancellationToken).ConfigureAwait(false);
        foreach (var change in changes)
            metrics.InForce(change.Network, change.IsBlock);
    }

    public async ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyCollection<IPNetwork> listed = [];
        await Measure(
            FirewallCall.List,
            async (token, _) => listed = await firewall.ListAsync(token).ConfigureAwait(false),
            cancellationToken,
            cancellationToken)
            .ConfigureAwait(false);
        return listed;
    }

    public async ValueTask StopAsync(CancellationToken cancellationToken) =>
        await Measure(
            FirewallCall.Stop, (token, _) => firewall.StopAsync(token), cancellationToken, cancellationToken).ConfigureAwait(false);

    private async ValueTask Measure<T>(
        FirewallCall call, Func<T, CancellationToken, ValueTask> make, T argument, CancellationToken cancellationToken)
    {
        var start = metrics.Now();
        var failed = true;
        try
        {
            await make(argument, cancellationToken).ConfigureAwait(false);
            failed = false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine stops; that is no failure of the firewall's.
            failed = false;
            throw;
        }
        catch (Exception e) when (e is not FirewallException)
        {
            throw new FirewallException($"{firewall.GetType().Name} has thrown {e.GetType().Name}: {e.Message}", e);
        }
        finally
        {
            metrics.OnFirewallCall(call, start, failed);
        }
    }
}
