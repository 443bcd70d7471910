namespace BlockSmtp.Reading;

/// <summary>
/// The last line that told of a guess, and where in the log the line behind it begins: a syslog daemon may say in that place that the
/// line came again (<see cref="Syslog.RepeatedLine"/>). Of the many in a chunk only the last one is copied, as nothing else outlives it.
/// </summary>
internal sealed class LastTold
{
    private byte[] _kept = [];
    private ReadOnlyMemory<byte> _chunk;
    private bool _isInChunk;
    private int _at;
    private int _length;
    private long _next = -1;

    /// <summary>The line; empty while there is none.</summary>
    public ReadOnlySpan<byte> Line => (_isInChunk ? _chunk.Span : _kept).Slice(_at, _length);

    /// <summary>A chunk of the log is read from here on.</summary>
    public void Begin(ReadOnlyMemory<byte> chunk)
    {
        // At a line of the last chunk reading has failed, and that chunk is no more.
        if (_isInChunk)
            (_isInChunk, _at, _length, _next) = (false, 0, 0, -1);
        _chunk = chunk;
    }

    /// <summary>A line of the chunk has told of a guess.</summary>
    /// <param name="at">Where in the chunk it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="next">Where in the log the line behind it begins; -1 where that is not known.</param>
    public void Note(int at, int length, long next) => (_isInChunk, _at, _length, _next) = (true, at, length, next);

    /// <summary>The chunk is read.</summary>
    public void End()
    {
        if (_isInChunk)
        {
            if (_kept.Length < _length)
                _kept = new byte[Math.Max(_length, 2 * _kept.Length)];
            Line.CopyTo(_kept);
            (_isInChunk, _at) = (false, 0);
        }

        _chunk = default;
    }

    /// <summary>Whether the line at a place is the one behind it.</summary>
    public bool IsRightBefore(long place) => _next >= 0 && place == _next;

    /// <summary>What stands right behind it stands for it, too, so that the line after that may do so as well.</summary>
    public void GoesOnTo(long next) => _next = next;

    /// <summary>What stands behind it is not known to be what was logged behind it.</summary>
    public void EndsHere() => _next = -1;
}
