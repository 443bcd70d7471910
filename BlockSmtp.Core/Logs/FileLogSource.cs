using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlockSmtp.Logs;

/// <summary>
/// Follows a log file by its name as <c>tail -F</c> does: through rotation by rename or by copy and truncate, deletion, a
/// symbolic link that changes, and a file that is not there yet.
/// </summary>
/// <remarks>
/// <para>Only whole lines are handed out: one that is written in pieces is held back until its line feed arrives. Where the
/// file ends for good (rotated, truncated) in the middle of a line, that line is handed out with a line feed added. Lines over
/// 64 KiB are left out and counted in <see cref="LogChunk.SkippedLines"/>. Bytes are handed out as they are.</para>
/// <para>After a rename the old file is read until the first line appears in the new one, as a syslogd goes on writing into
/// the old file until it is told to reopen. A file that came and went under the name while the consumer was busy is not
/// seen.</para>
/// <para>The kernel wakes the reading thread through inotify(7); nothing is polled between a line being written and its
/// chunk. Nothing is allocated per line, nor while nothing happens.</para>
/// </remarks>
public sealed class FileLogSource : ILogSource
{
    private readonly string _path;
    private readonly FileStatus? _start;
    private readonly int _pollMilliseconds;
    private readonly int _readLength;
    private readonly ILogger _logger;

    /// <summary>Follows a file with the default options.</summary>
    /// <param name="path">The file. It need not exist yet.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public FileLogSource(string path) : this(new FileLogSourceOptions { Path = path })
    {
    }

    /// <summary>
    /// Follows a file. Unless it is to be read from its beginning, what counts is written from now on, so that nothing is
    /// lost while the program sets up the rest.
    /// </summary>
    /// <param name="options">What to follow. Read once, here.</param>
    /// <param name="logger">Is told when the file is waited for, opened, rotated, truncated (events 1100 to 1199).</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public FileLogSource(FileLogSourceOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PollInterval, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.PollInterval, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReadLength, 4 * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ReadLength, 16 * 1024 * 1024);
        _path = Path.GetFullPath(options.Path);
        if (!options.FromStart && FileCalls.Status(_path, out var status) == 0)
            _start = status;
        _pollMilliseconds = (int)options.PollInterval.TotalMilliseconds;
        _readLength = options.ReadLength;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <inheritdoc/>
    /// <remarks>The file is opened when the first chunk is asked for. The thread that asks is blocked until there is one.</remarks>
    /// <exception cref="UnauthorizedAccessException">The file may not be read. Only when following begins; later it is waited
    /// for, as rotation may create the file before it gives it to its owner.</exception>
    /// <exception cref="IOException">The path is not a file (only when following begins), or the disk fails.</exception>
#pragma warning disable CS1998 // There is nothing to await: the engine gave us a thread to block.
    public async IAsyncEnumerable<LogChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
#pragma warning restore CS1998
    {
        using var follower = new FileFollower(_path, _start, _pollMilliseconds, _readLength, _logger, cancellationToken);
        while (follower.TryReadNext(out var chunk))
            yield return chunk;
    }
}
