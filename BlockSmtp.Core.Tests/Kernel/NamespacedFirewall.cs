using System.Net;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>Makes every call on a thread in the network namespace: a library in process works where its thread is.</summary>
internal sealed class NamespacedFirewall(NetworkNamespace network, IFirewall inner) : IFirewall, IDisposable
{
    public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) =>
        Run(() => inner.StartAsync(blocks, cancellationToken));

    public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) =>
        Run(() => inner.ApplyAsync(changes, cancellationToken));

    public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken) =>
        NamespaceThread.Run(network, () => new ValueTask<IReadOnlyCollection<IPNetwork>>(
            inner.ListAsync(cancellationToken).AsTask().GetAwaiter().GetResult()));

    public ValueTask StopAsync(CancellationToken cancellationToken) =>
        Run(() => inner.StopAsync(cancellationToken));

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private ValueTask Run(Func<ValueTask> call) => new(Task.Run(() => NamespaceThread.Run(network, () =>
    {
        call().AsTask().GetAwaiter().GetResult();
        return true;
    })));
}
