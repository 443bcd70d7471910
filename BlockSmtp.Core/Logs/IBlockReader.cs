namespace BlockSmtp.Logs;

/// <summary>Reads finished logs block by block.</summary>
internal interface IBlockReader : IDisposable
{
    /// <summary>The next block. Give it back with <see cref="Return"/>.</summary>
    /// <returns>False when all was read, or reading was cancelled.</returns>
    /// <exception cref="IOException">Reading failed; what was read before has been handed out.</exception>
    bool TryTake(out ReadBlock block);

    /// <summary>The block is no longer needed.</summary>
    void Return(byte[] block);
}
