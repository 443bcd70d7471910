using BlockSmtp.Logs;
using BlockSmtp.Syslog;
using Microsoft.Win32.SafeHandles;

namespace BlockSmtp;

/// <summary>Finds out which year the stamps of a finished log mean when they name none.</summary>
public static class LogYears
{
    // So many looks into a log of any size: in one of ten years, two weeks lie between two of them, and New Year is seen when
    // the months fall back.
    private const int Looks = 256;
    private const int LookLength = 4096;

    /// <summary>
    /// The year of the first line: the latest one that does not put the last line into the future, counting each time
    /// that the log goes over New Year. Looks at samples only, so that the log can be read once.
    /// </summary>
    /// <param name="paths">The files, one stream in this order.</param>
    /// <param name="zone">The zone of stamps that name none.</param>
    /// <param name="now">The present.</param>
    /// <returns>The year; null when the files cannot be sampled (standard input, compressed ones) or have no stamps.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static int? FindFirst(IReadOnlyList<string> paths, TimeZoneInfo zone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var thisYear = TimeZoneInfo.ConvertTime(now, zone).Year;
        var clock = new StampClock(zone, thisYear);
        DateTimeOffset? last = null;
        var buffer = new byte[LookLength];
        foreach (var path in paths)
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || !IsRegular(path))
                return null;
            using var file = File.OpenHandle(path);
            Sample(file, clock, buffer, ref last);
        }

        if (last is not { } end)
            return null;
        if (!clock.HasGuessed)
            return thisYear; // every stamp names its year
        var years = 0;
        while (end.AddYears(-years) > now)
            years++;
        return thisYear - years;
    }

    /// <summary>A pipe can be read once, so it must not even be opened here.</summary>
    private static bool IsRegular(string path) =>
        FileCalls.Status(path, out var status) == 0 && status.IsRegular;

    private static void Sample(SafeFileHandle file, StampClock clock, byte[] buffer, ref DateTimeOffset? last)
    {
        var length = RandomAccess.GetLength(file);
        var step = Math.Max(LookLength, length / Looks);
        for (long at = 0; at < length; at += step)
        {
            var read = RandomAccess.Read(file, buffer, at);
            SampleLines(buffer.AsSpan(0, read), isStart: at == 0, onlyFirst: at + step < length, clock, ref last);
        }

        var tail = Math.Max(0, length - LookLength);
        SampleLines(buffer.AsSpan(0, RandomAccess.Read(file, buffer, tail)), tail == 0, onlyFirst: false, clock, ref last);
    }

    private static void SampleLines(ReadOnlySpan<byte> text, bool isStart, bool onlyFirst, StampClock clock, ref DateTimeOffset? last)
    {
        if (!isStart)
            text = text[(text.IndexOf((byte)'\n') + 1)..];
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            if (SyslogLineParser.TryGetStamp(line, out var stamp) && clock.TryGetTime(stamp, out var time))
            {
                last = time;
                if (onlyFirst)
                    return;
            }

            text = end < 0 ? default : text[(end + 1)..];
        }
    }
}
