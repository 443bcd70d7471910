namespace BlockSmtp.Reading;

/// <summary>
/// The last line that told of a guess, and where in the log the line behind it begins: a syslog daemon may say in that place that the
/// line came again (<see cref="Syslog.RepeatedLine"/>).
/// </summary>
internal sealed class LastTold
{
    private byte[] _line = [];
    private int _length;
    private long _next = -1;

    /// <summary>The line; empty while there is none.</summary>
    public ReadOnlySpan<byte> Line => _line.AsSpan(0, _length);

    /// <summary>A line has told of a guess.</summary>
    /// <param name="line">The line.</param>
    /// <param name="next">Where in the log the line behind it begins; -1 where that is not known.</param>
    public void Note(ReadOnlySpan<byte> line, long next)
    {
        if (_line.Length < line.Length)
            _line = new byte[Math.Max(line.Length, 2 * _line.Length)];
        line.CopyTo(_line);
        (_length, _next) = (line.Length, next);
    }

    /// <summary>Whether the line at a place is the one behind it.</summary>
    public bool IsRightBefore(long place) => _next >= 0 && place == _next;

    /// <summary>What stands right behind it stands for it, too, so that the line after that may do so as well.</summary>
    public void GoesOnTo(long next) => _next = next;

    /// <summary>What stands behind it is not known to be what was logged behind it.</summary>
    public void EndsHere() => _next = -1;
}
