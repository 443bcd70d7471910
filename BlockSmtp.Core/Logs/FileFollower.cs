using System.Numerics;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Logs;

/// <summary>One run of following a file: reads what is there, then looks whether the name leads elsewhere, then waits.</summary>
internal sealed class FileFollower : IDisposable
{
    private readonly string _path;
    private readonly FileStatus? _start;
    private readonly FilePosition? _resume;
    private readonly int _pollMilliseconds;
    private readonly ILogger _logger;
    private readonly CancellationToken _cancellationToken;
    private readonly FileWatch _watch;
    private readonly LineCutter _cutter = new();
    private readonly byte[] _block;

    private Queue<OpenLogFile> _older = [];     // what was rotated away while nobody read, to be read first
    private OpenLogFile? _file;
    private OpenLogFile? _successor;    // what the name leads to now; _file is still being read
    private bool _isLastRead;           // nothing is written to _file any more: read to its end once more, then change over
    private bool _hasLooked;
    private int _toldError;
    private bool _toldBlind;
    private long _skippedLines;

    public FileFollower(
        string path,
        FileStatus? start,
        FilePosition? resume,
        int pollMilliseconds,
        int readLength,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        _path = path;
        _start = start;
        _resume = resume;
        _pollMilliseconds = pollMilliseconds;
        _logger = logger;
        _cancellationToken = cancellationToken;
        _block = LineCutter.NewBlock(readLength);
        _watch = new(path, cancellationToken);
    }

    /// <summary>How far the log was handed out; null before a file was opened.</summary>
    public FilePosition? Position =>
        _file is null ? null : new(_path, _file.Identity, Math.Max(0, _file.Offset - _cutter.Pending), _file.Head);

    /// <summary>How far the file was read, for whoever looks on from another thread; null before a file was opened.</summary>
    public LogProgress? Progress
    {
        get
        {
            if (_file is not { } file)
                return null;
            long position = Math.Max(0, file.Offset - _cutter.Pending);
            bool isNamed = FileCalls.Status(_path, out var named) == 0;
            // The reading thread may close the file meanwhile, and the descriptor be another's: only names are looked at.
            if (!isNamed || named.Identity != file.Identity)
                return FileCalls.Status(file.DescriptorPath, out var rotated) == 0 && rotated.Identity == file.Identity
                    ? new(position, rotated.Size, Math.Max(0, rotated.Size - position) + named.Size)
                    : new(position, position, named.Size);
            return new(position, named.Size, Math.Max(0, named.Size - position));
        }
    }

    /// <summary>Blocks until there is a chunk.</summary>
    /// <returns>False when the token was cancelled.</returns>
    public bool TryReadNext(out LogChunk chunk)
    {
        while (!_cancellationToken.IsCancellationRequested)
        {
            if (_cutter.TryTake(out chunk) || TryReadFile(out chunk))
            {
                TellSkippedLines(chunk.SkippedLines);
                return true;
            }
        }
        chunk = default;
        return false;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _successor?.Dispose();
        foreach (var file in _older)
            file.Dispose();
        _watch.Dispose();
    }

    // True only with the rest of a file that has ended; what is read is left to the cutter.
    private bool TryReadFile(out LogChunk chunk)
    {
        chunk = default;
        if (_file is null)
        {
            if (!TryOpenFirst())
                Wait();
            return false;
        }
        _cutter.MoveTo(_block);
        int count = _file.Read(LineCutter.ReadArea(_block).Span);
        if (count == OpenLogFile.Truncated)
        {
            _logger.FileTruncated(_path);
            return _cutter.TryFinish(endLine: true, out chunk);
        }
        if (count > 0)
            _cutter.Add(count);
        else if (_isLastRead)
            return TryChangeOver(out chunk);
        else if (!HasSuccessorTakenOver())
            Wait();
        return false;
    }

    private bool TryOpenFirst()
    {
        if (_resume is { } resume && !_hasLooked && TryResume(resume))
            return true;
        _file = Open();
        if (_file is null)
            return false;
        // Another file than the one that was there then is all new.
        if (_start is { } start && start.Identity == _file.Identity && start.Size <= _file.Length()
            && !_file.GoToLastLine(start.Size, new byte[LineCutter.MaxLineLength + 1]))
            _cutter.SkipLine();
        _logger.FileOpened(_path, _file.Offset);
        return true;
    }

    private bool TryResume(FilePosition resume)
    {
        _older = LogResumption.Find(resume);
        if (!_older.TryDequeue(out _file))
        {
            if (resume.Head != FileHead.Unknown)
                _logger.PositionLost(_path);
            return false;
        }
        _hasLooked = true;
        _watch.Add(_file);
        _watch.WatchName();
        _logger.FileOpened(_path, _file.Offset);
        return true;
    }

    private OpenLogFile? Open()
    {
        int error = OpenLogFile.TryOpen(_path, out var file);
        if (file is not null)
        {
            _watch.Add(file);
            _watch.WatchName(); // the name may lead to another directory now
        }
        else if (LogFileError.IsMissing(error) && error != _toldError)
            _logger.WaitingForFile(_path);
        else if (error != _toldError)
            _logger.FileUnreadable(_hasLooked ? LogFileError.For(_path, error).Message : throw LogFileError.For(_path, error));
        _toldError = error;
        _hasLooked = true;
        return file;
    }

    /// <summary>
    /// Whether there is more to read than the file's end: a new file under the name that has its first line (so syslogd has
    /// reopened its log and writes no more to the old file), or that has itself been replaced.
    /// </summary>
    private bool HasSuccessorTakenOver()
    {
        if (_older.TryDequeue(out var next))
        {
            _watch.Add(next);
            (_successor, _isLastRead) = (next, true);
            return true;
        }
        bool isNamed = FileCalls.Status(_path, out var named) == 0;
        bool isStillOurs = isNamed && named.Identity == _file!.Identity;
        if (_successor is null && isNamed && !isStillOurs)
            _successor = Open();
        if (_successor is null)
            return false;
        bool isEmpty = _successor.Length() == 0;
        if (_successor.Identity == _file!.Identity || (isStillOurs && isEmpty))
        {
            DropSuccessor(); // the rename was taken back
            return false;
        }
        _isLastRead = !isEmpty || (isNamed && named.Identity != _successor.Identity);
        return _isLastRead;
    }

    private void DropSuccessor()
    {
        if (_successor!.Identity != _file!.Identity)
            _watch.Remove(_successor);
        _successor.Dispose();
        _successor = null;
    }

    private bool TryChangeOver(out LogChunk chunk)
    {
        bool hasRest = _cutter.TryFinish(endLine: true, out chunk);
        _logger.FileRotated(_path, _file!.Offset);
        _watch.Remove(_file);
        _file.Dispose();
        (_file, _successor, _isLastRead) = (_successor, null, false);
        _logger.FileOpened(_path, 0);
        return hasRest;
    }

    private void Wait()
    {
        if (_watch.IsBlind && !_toldBlind)
            _logger.NotifyUnavailable(_path);
        _toldBlind = _watch.IsBlind;
        // An uneventful round looks at sizes and names only.
        while (!_watch.Wait(_pollMilliseconds) && !HasChanged())
        {
        }
    }

    private bool HasChanged()
    {
        bool isNamed = FileCalls.Status(_path, out var named) == 0;
        if (_file is null || _successor is not null)
            return isNamed || _file is not null;
        return isNamed && named.Identity != _file.Identity
            || (isNamed ? named.Size : _file.Length()) != _file.Offset;
    }

    // A client may make syslogd write long lines, but not our own log grow with them: told at 1, 2, 4, 8, ...
    private void TellSkippedLines(int count)
    {
        if (count == 0)
            return;
        int toldUpTo = BitOperations.Log2((ulong)_skippedLines);
        bool isFirst = _skippedLines == 0;
        _skippedLines += count;
        if (isFirst || BitOperations.Log2((ulong)_skippedLines) > toldUpTo)
            _logger.LongLinesSkipped(_path, LineCutter.MaxLineLength, _skippedLines);
    }
}
