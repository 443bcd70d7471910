namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Keeps what the daemon is made of and puts it away in the reverse order, so that no part outlives one that it stands on.
/// </summary>
internal sealed class PutAwayList : IAsyncDisposable
{
    private readonly Stack<object> _parts = new();

    /// <summary>Keeps a part; one that is null or holds nothing needs no putting away.</summary>
    public T Keep<T>(T part)
    {
        if (part is IAsyncDisposable or IDisposable)
            _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                ((IDisposable)part).Dispose();
        }
    }
}
