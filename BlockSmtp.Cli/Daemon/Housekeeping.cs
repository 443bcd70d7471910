namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Gives memory back after the start, and after a storm. Left alone, the garbage collector lets the heap grow to several times of what is
/// in use, and runs only when something is allocated: a quiet daemon would keep for days what thousands of blocks have taken for a moment.
/// </summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    // By then it is ready, or busy with very many blocks: in any case what is needed only once was needed.
    private static readonly TimeSpan StartsFor = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // So much since the last time is worth the pause: a few milliseconds, some tens with fifty thousand blocks.
    private const long Much = 16 << 20;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _cleaning;

    public Housekeeping() => _cleaning = CleanAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _cleaning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task CleanAsync(CancellationToken stop)
    {
        await Task.Delay(StartsFor, stop);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        FilePages.Release();
        for (var cleanedAt = 0L; ;)
        {
            await Task.Delay(Interval, stop);
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - cleanedAt < Much)
                continue;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            cleanedAt = allocated;
        }
    }
}
