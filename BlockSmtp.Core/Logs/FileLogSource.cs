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
public sealed class FileLogSource : IResumableLogSource
{
    private readonly string _path;
    private readonly bool _fromStart;
    private readonly FileStatus? _startStatus;
    private readonly int _pollMilliseconds;
    private readonly int _readLength;
    private readonly ILogger _logger;
    private FilePosition? _resume;
    private FileFollower? _follower;

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
        _fromStart = options.FromStart;
        if (!_fromStart && FileCalls.Status(_path, out var status) == 0)
            _startStatus = status;
        _pollMilliseconds = (int)options.PollInterval.TotalMilliseconds;
        _readLength = options.ReadLength;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Device, inode, a hash of the first line and the end of the last line that was handed out (or left out). So the file is found
    /// again after a rotation as <c>mail.log.1</c> or <c>mail.log-20261124</c>, and a new one of the same inode is not taken for it.
    /// </remarks>
    public string? Position => (_follower?.Position ?? _resume ?? StartPosition()).ToString();

    /// <summary>How far the file was read; null until it is open. May be asked from any thread, and is then a look in passing.</summary>
    public LogProgress? Progress => _follower?.Progress;

    /// <inheritdoc/>
    /// <remarks>
    /// What was rotated since is read first, if it is not packed. Where the file is not there any more, the one that has the name is
    /// read from its beginning, since all of it is new.
    /// </remarks>
    public void ResumeFrom(string position)
    {
        ArgumentNullException.ThrowIfNull(position);
        if (FilePosition.TryParse(position, out var found) && found.Path == _path)
            _resume = found;
        else
            _logger.PositionUnknown(position, _path);
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
        // After a place in an earlier file, all of this one is new.
        using var follower = new FileFollower(
            _path, _resume is null ? _startStatus : null, _resume, _pollMilliseconds, _readLength, _logger, cancellationToken);
        _follower = follower;
        while (follower.TryReadNext(out var chunk))
            yield return chunk;
    }

    /// <summary>Where reading will begin.</summary>
    private FilePosition StartPosition()
    {
        if (_startStatus is not { } start || OpenLogFile.TryOpen(_path, out var file) != 0)
            return FilePosition.BeginningOf(_path);
        using (file)
        {
            if (file!.Identity != start.Identity || start.Size > file.Length())
                return FilePosition.BeginningOf(_path);
            file.GoToLastLine(start.Size, new byte[LineCutter.MaxLineLength + 1]);
            return new FilePosition(_path, file.Identity, file.Offset, file.Head);
        }
    }
}
