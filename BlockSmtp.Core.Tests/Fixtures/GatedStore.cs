namespace BlockSmtp.Tests.Fixtures;

/// <summary>A store in memory that a test makes wait or fail.</summary>
internal sealed class GatedStore : IBlockStore
{
    private TaskCompletionSource _open = NewOpen();
    private bool _heedsTokens = true;

    public MemoryBlockStore Inner { get; } = new();

    /// <summary>What each call fails with; null for none.</summary>
    public string? Failure { get; set; }

    public int Failures { get; private set; }

    public void Close() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>As <see cref="Close"/>, and whoever comes does not heed that he is to wait no longer.</summary>
    public void Stick()
    {
        _heedsTokens = false;
        Close();
    }

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
        await _open.Task.WaitAsync(_heedsTokens ? cancellationToken : default);
        if (Failure is not { } failure)
            return;
        Failures++;
        throw new BlockStoreException(failure);
    }
}
