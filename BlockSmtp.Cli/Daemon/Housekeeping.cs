namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Gives memory back after a storm. Left alone, the garbage collector lets the heap grow to several times of what is in use, and runs only when something
/// is allocated: a quiet daemon would keep for days what thousands of blocks have taken for a moment.
/// </summary>
internal sealed class Housekeeping : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // So much since the last time is worth the pause: a few milliseconds, some tens with fifty thousand blocks.
    private const long Much = 16 << 20;

    private readonly Recurring _cleaning;
    private long _cleanedAt;

    public Housekeeping() => _cleaning = new Recurring(Interval, Clean);

    public ValueTask DisposeAsync() => _cleaning.DisposeAsync();

    private void Clean()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _cleanedAt < Much)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _cleanedAt = allocated;
    }
}
