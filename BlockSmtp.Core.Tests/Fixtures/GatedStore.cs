namespace BlockSmtp.Tests.Fixtures;

/// <summary>A store in memory that a test makes wait or fail.</summary>
internal sealed class GatedStore : IBlockStore
{
    private TaskCompletionSource _open = NewOpen();

    public MemoryBlockStore Inner { get; } = new();

    /// <summary>What each call fails with; null for none.</summary>
    public string? Failure { get; set; }

    public int Failures { get; private set; }

    public void Close() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    public async ValueTask<StoredState> LoadAsync(CancellationToken cancellationToken)
    {
        await Enter(cancellationToken);
        return await Inner.LoadAsync(cancellationToken);
    }

    public async ValueTask CommitAsync(StateChange change, CancellationToken cancellationToken)
    {
        await Enter(cancellationToken);
        await Inner.CommitAsync(change, cancellationToken);
    }

    private static TaskCompletionSource NewOpen()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task Enter(CancellationToken cancellationToken)
    {
        await _open.Task.WaitAsync(cancellationToken);
        if (Failure is not { } failure)
            return;
        Failures++;
        throw new BlockStoreException(failure);
    }
}
