using BlockSmtp.Syslog;

namespace BlockSmtp.Transactions;

/// <summary>The clock of a replay: a line happened when its stamp says.</summary>
internal sealed class StampLineClock(StampClock stamps) : ILineClock
{
    private const int LongestStamp = 48;

    private readonly byte[] _lastLine = new byte[LongestStamp];
    private int _lastLength;

    /// <summary>Whether a stamp without a year was seen, so that the years are a guess.</summary>
    public bool HasGuessed => stamps.HasGuessed;

    public bool TryGetTime(ReadOnlySpan<byte> stamp, out DateTimeOffset time) => stamps.TryGetTime(stamp, out time);

    /// <summary>Keeps the stamp of the last line that has one.</summary>
    public void RememberLastLine(ReadOnlySpan<byte> lines)
    {
        lines = lines.TrimEnd("\r\n"u8);
        var line = lines[(lines.LastIndexOf((byte)'\n') + 1)..];
        if (!SyslogLineParser.TryGetStamp(line, out var stamp) || stamp.Length > LongestStamp)
            return;
        stamp.CopyTo(_lastLine);
        _lastLength = stamp.Length;
    }

    /// <summary>When the log ends.</summary>
    public bool TryGetLastTime(out DateTimeOffset time) => stamps.TryGetTime(_lastLine.AsSpan(0, _lastLength), out time);
}
