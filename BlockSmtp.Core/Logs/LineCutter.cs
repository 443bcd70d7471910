namespace BlockSmtp.Logs;

/// <summary>
/// Cuts what was read into chunks of whole lines, keeps the unfinished line at the end for the next read, and leaves out
/// lines that are too long. Works in the reader's own blocks: the only bytes copied are those of the unfinished line.
/// </summary>
/// <remarks>
/// A block is laid out as room for an unfinished line, then the place to read into, then one byte for a missing line feed.
/// The turns are always: <see cref="MoveTo"/>, a read into the block from <see cref="ReadOffset"/> on, <see cref="Add"/>, and
/// <see cref="TryTake"/> until it has no more.
/// </remarks>
internal sealed class LineCutter
{
    /// <summary>The longest line that is handed out, in bytes without its line feed.</summary>
    public const int MaxLineLength = 64 * 1024;

    /// <summary>Where in a block to read into: before it there is room for the longest unfinished line.</summary>
    public const int ReadOffset = MaxLineLength;

    private const byte LineFeed = (byte)'\n';

    private byte[] _block = [];
    private int _start;
    private int _wholeEnd;
    private int _end;
    private bool _inLongLine;
    private long _longLineLength;
    private int _skipped;
    private bool _beginsFile;

    /// <summary>How many of the bytes that were read are of lines that were not handed out yet, nor left out.</summary>
    public long Pending => _end - _start + _longLineLength;

    /// <summary>Makes a block into which <paramref name="readLength"/> bytes can be read at a time.</summary>
    public static byte[] NewBlock(int readLength) =>
        GC.AllocateUninitializedArray<byte>(ReadOffset + readLength + 1);

    /// <summary>The part of a block that may be read into.</summary>
    public static Memory<byte> ReadArea(byte[] block) => block.AsMemory(ReadOffset, block.Length - ReadOffset - 1);

    /// <summary>
    /// Takes the unfinished line along into <paramref name="block"/>, which may be the block it is in. What was taken
    /// from the old block is no longer valid after that.
    /// </summary>
    public void MoveTo(byte[] block)
    {
        int length = _end - _start;
        Buffer.BlockCopy(_block, _start, block, ReadOffset - length, length);
        _block = block;
        _start = _wholeEnd = ReadOffset - length;
        _end = ReadOffset;
    }

    /// <summary>Says that <paramref name="count"/> bytes have been read into the block.</summary>
    public void Add(int count)
    {
        ReadOnlySpan<byte> added = _block.AsSpan(_end, count);
        int lastLineFeed = added.LastIndexOf(LineFeed);
        if (_inLongLine && lastLineFeed < 0)
        {
            _start = _wholeEnd = _end += count;
            _longLineLength += count;
            return;
        }
        if (_inLongLine)
        {
            _start = _wholeEnd = _end + added.IndexOf(LineFeed) + 1;
            (_inLongLine, _longLineLength) = (false, 0);
        }
        if (lastLineFeed >= 0)
            _wholeEnd = _end + lastLineFeed + 1;
        _end += count;
    }

    /// <summary>Takes as many whole lines as lie together.</summary>
    /// <returns>False when only the beginning of a line is left, or nothing.</returns>
    public bool TryTake(out LogChunk chunk)
    {
        while (_start < _wholeEnd)
        {
            int end = EndOfAcceptedLines();
            if (end > _start)
            {
                chunk = Take(end);
                return true;
            }
            _start += _block.AsSpan(_start, _wholeEnd - _start).IndexOf(LineFeed) + 1;
            _skipped++;
        }
        if (_end - _start > MaxLineLength)
            SkipLine();
        chunk = default;
        return false;
    }

    /// <summary>Takes what is left when nothing follows: the unfinished line, and the count of lines left out.</summary>
    /// <param name="endLine">Whether to add the line feed that the line lacks.</param>
    /// <param name="chunk">The line. It has no bytes when there is only a count to tell.</param>
    /// <returns>False when there is neither.</returns>
    public bool TryFinish(bool endLine, out LogChunk chunk)
    {
        (_inLongLine, _longLineLength) = (false, 0);
        if (_end == _start && _skipped == 0)
        {
            chunk = default;
            _beginsFile = true;
            return false;
        }
        if (endLine && _end > _start)
            _block[_end++] = LineFeed;
        chunk = Take(_end);
        _beginsFile = true;
        return true;
    }

    /// <summary>Leaves out everything up to and including the next line feed, and counts it as one line too long.</summary>
    public void SkipLine()
    {
        _longLineLength = _end - _start;
        _start = _wholeEnd = _end;
        _inLongLine = true;
        _skipped++;
    }

    private LogChunk Take(int end)
    {
        var chunk = new LogChunk(_block.AsMemory(_start, end - _start)) { SkippedLines = _skipped, BeginsFile = _beginsFile };
        (_skipped, _beginsFile) = (0, false);
        _start = end;
        _wholeEnd = Math.Max(_wholeEnd, end);
        return chunk;
    }

    /// <summary>
    /// Where the first line that is too long begins, else the end of the whole lines. Looks back from the furthest place
    /// where the next line feed may be, so it reads a line's worth of bytes in every 64 KiB.
    /// </summary>
    private int EndOfAcceptedLines()
    {
        int position = _start;
        while (_wholeEnd - position > MaxLineLength + 1)
        {
            int lineFeed = _block.AsSpan(position, MaxLineLength + 1).LastIndexOf(LineFeed);
            if (lineFeed < 0)
                return position;
            position += lineFeed + 1;
        }
        return _wholeEnd;
    }
}
