namespace BlockSmtp.Simulation;

/// <summary>What is on the disk, and what the ledger was when it was written.</summary>
internal sealed class Disk
{
    public MemoryBlockStore Store { get; } = new(50);

    public Ledger Ledger { get; set; } = new();

    /// <summary>What is on it; a store in memory does not wait.</summary>
    public StoredState Read() => Store.LoadAsync(default).AsTask().GetAwaiter().GetResult();
}

/// <summary>The store as one process has it.</summary>
internal sealed class SimulatedStore(Process process, Part part, Disk disk, Func<Ledger> ledger, Action<Ledger, StoredState> onLoaded)
    : IBlockStore
{
    public ValueTask<StoredState> LoadAsync(CancellationToken cancellationToken) => Act("load", _ => Load(), cancellationToken);

    public async ValueTask CommitAsync(StateChange change, CancellationToken cancellationToken)
    {
        // What is decided while it is written comes with the next one.
        var now = ledger().Copy();
        await Act($"commit at {change.LogPosition}{(change.IsWhole ? ", whole" : "")}", _ => Commit(change, now), cancellationToken);
    }

    private ValueTask<T> Act<T>(string what, Func<bool, T> effect, CancellationToken cancellationToken) =>
        part.ActAsync(process, what, effect, message => new BlockStoreException(message), cancellationToken);

    private StoredState Load()
    {
        var state = disk.Read();
        onLoaded(disk.Ledger.Copy(), state);
        return state;
    }

    private bool Commit(StateChange change, Ledger now)
    {
        disk.Store.CommitAsync(change, default).AsTask().GetAwaiter().GetResult();
        disk.Ledger = now;
        return true;
    }
}
