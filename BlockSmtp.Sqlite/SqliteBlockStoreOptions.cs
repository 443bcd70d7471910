namespace BlockSmtp.Sqlite;

/// <summary>Where a <see cref="SqliteBlockStore"/> keeps the state, and how much of it.</summary>
public sealed class SqliteBlockStoreOptions
{
    /// <summary>The directory. Made when it is missing, open to its owner only (0700). It belongs to one engine.</summary>
    public required string Directory { get; set; }

    /// <summary>How long blocks that are over are kept. Default 90 days; zero for not at all.</summary>
    public TimeSpan KeepHistory { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How large the file may grow, in bytes; then the oldest blocks that are over go before their time. Default 256 MiB, at least 1 MiB.
    /// What is blocked now is kept in any case.
    /// </summary>
    public long MaxSize { get; set; } = 256L << 20;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepHistory, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSize, 1L << 20);
    }
}
