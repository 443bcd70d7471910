using System.Net;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A firewall in memory for tests of the engine alone; it can be made to fail. Real ones are tested in Kernel.</summary>
internal sealed class MemoryFirewall : IFirewall
{
    private readonly Lock _lock = new();
    private readonly HashSet<IPNetwork> _blocked = [];
    private TaskCompletionSource _changed = NewSource();

    /// <summary>How many of the next calls fail.</summary>
    public int Failing { get; set; }

    /// <summary>What each call waits for, as one that hangs does; null for nothing.</summary>
    public Task? Gate { get; set; }

    public int Starts { get; private set; }

    public int Lists { get; private set; }

    public int Applies { get; private set; }

    public bool IsStopped { get; private set; }

    public IReadOnlyList<string> Blocked
    {
        get
        {
            lock (_lock)
                return [.. _blocked.Select(network => network.BaseAddress.ToString()).Order()];
        }
    }

    /// <summary>What somebody else may do to it.</summary>
    public void Flush()
    {
        lock (_lock)
            _blocked.Clear();
    }

    /// <summary>Waits until exactly these are blocked.</summary>
    public async Task UntilBlocked(params string[] hosts)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Blocked.SequenceEqual(hosts.Order()))
                    return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(deadline.Token);
        }
    }

    public ValueTask StartAsync(IReadOnlyCollection<Block> blocks, CancellationToken cancellationToken) => Change(() =>
    {
        Starts++;
        _blocked.Clear();
        _blocked.UnionWith(blocks.Select(block => block.Network));
    });

    public ValueTask ApplyAsync(IReadOnlyList<FirewallChange> changes, CancellationToken cancellationToken) => Change(() =>
    {
        Applies++;
        foreach (var change in changes)
            _ = change.IsBlock ? _blocked.Add(change.Network) : _blocked.Remove(change.Network);
    });

    public ValueTask<IReadOnlyCollection<IPNetwork>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Lists++;
            return ValueTask.FromResult<IReadOnlyCollection<IPNetwork>>([.. _blocked]);
        }
    }

    public ValueTask StopAsync(CancellationToken cancellationToken) => Change(() =>
    {
        IsStopped = true;
        _blocked.Clear();
    });

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask Change(Action change)
    {
        if (Gate is { } gate)
            await gate;
        await ChangeNow(change);
    }

    private ValueTask ChangeNow(Action change)
    {
        lock (_lock)
        {
            if (Failing > 0)
            {
                Failing--;
                return ValueTask.FromException(new FirewallException("made to fail"));
            }

            change();
            var changed = _changed;
            _changed = NewSource();
            changed.SetResult();
            return ValueTask.CompletedTask;
        }
    }
}
