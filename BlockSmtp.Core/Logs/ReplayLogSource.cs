using System.Runtime.CompilerServices;

namespace BlockSmtp.Logs;

/// <summary>
/// Reads finished logs as one stream, in the order given: plain files, gzip files (the name ends in <c>.gz</c>; several
/// members one after another are fine, see RFC 1952 section 2.2), pipes, and standard input.
/// </summary>
/// <remarks>
/// Compressed logs and pipes are read and unpacked on a second thread while the consumer works on the last block; about 2 MiB of
/// memory in all, whatever the size of the logs. Lines over 64 KiB are left out and counted in <see cref="LogChunk.SkippedLines"/>.
/// A log that ends without a line feed is given one where another log follows.
/// </remarks>
public sealed class ReplayLogSource : ILogSource
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int Blocks = 3;
    private const int ReadLength = 512 * 1024;

    // With the room before it, it stays in the cache of its core.
    private const int PlainReadLength = 128 * 1024;

    private readonly ReplayInput[] _inputs;
    private long _bytesRead;
    private long _position;
    private long _totalBytes = -1;

    /// <summary>Reads some logs.</summary>
    /// <param name="paths">The logs, oldest first; <see cref="StandardInput"/> for standard input.</param>
    /// <param name="standardInput">What to read for standard input instead of the process's own. It is closed at its end.</param>
    /// <exception cref="ArgumentException">There is no path, or an empty one.</exception>
    public ReplayLogSource(IReadOnlyList<string> paths, Stream? standardInput = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
            throw new ArgumentException("No log was named: name at least one.", nameof(paths));
        foreach (string path in paths)
            ArgumentException.ThrowIfNullOrEmpty(path, nameof(paths));
        _inputs = [.. paths.Select(path => new ReplayInput(path, standardInput))];
    }

    /// <summary>How many bytes of log, uncompressed, have been handed out or left out so far. Any thread may ask.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>
    /// How far the logs have been read, in bytes as they are stored: the part of <see cref="TotalBytes"/> that is done, for a
    /// progress bar. Any thread may ask.
    /// </summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>
    /// The size of all logs as they are stored (compressed where they are), in bytes. Null before reading has begun, and where
    /// it is not known because one is standard input or a pipe. Any thread may ask.
    /// </summary>
    public long? TotalBytes => Volatile.Read(ref _totalBytes) is >= 0 and var total ? total : null;

    /// <inheritdoc/>
    /// <remarks>Every log is tried before the first is read. The thread that asks for a chunk is blocked until it is there.</remarks>
    /// <exception cref="FileNotFoundException">A log does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">A log may not be read.</exception>
    /// <exception cref="IOException">A log is a directory, is no gzip file in spite of its name, is damaged, or the disk
    /// fails.</exception>
#pragma warning disable CS1998 // There is nothing to await: the engine gave us a thread to block.
    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        long? total = 0;
        foreach (var input in _inputs)
            total += input.Check();
        Volatile.Write(ref _totalBytes, total ?? -1);
        Volatile.Write(ref _bytesRead, 0);

        // Unpacking is worth a second core, and a pipe must not keep a cancelled replay waiting.
        using IBlockReader reader = Array.TrueForAll(_inputs, input => input.IsPlainFile)
            ? new ReadInPlace(_inputs, PlainReadLength, cancellationToken)
            : new ReadAhead(_inputs, Blocks, ReadLength, cancellationToken);
        var cutter = new LineCutter();
        byte[]? current = null;
        int inputsLeft = _inputs.Length;
        while (reader.TryTake(out var block))
        {
            cutter.MoveTo(block.Bytes);
            if (current is not null)
                reader.Return(current);
            current = block.Bytes;
            cutter.Add(block.Count);
            Volatile.Write(ref _bytesRead, _bytesRead + block.Count);
            Volatile.Write(ref _position, block.Position);
            while (cutter.TryTake(out var chunk))
            {
                yield return chunk;
                if (cancellationToken.IsCancellationRequested)
                    yield break;
            }
            if (block.EndsInput && cutter.TryFinish(endLine: --inputsLeft > 0, out var rest))
                yield return rest;
        }
    }
}
