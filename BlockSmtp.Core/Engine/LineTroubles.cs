using System.Numerics;
using System.Text;
using BlockSmtp.Diagnostics;
using BlockSmtp.Reading;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>
/// Tells of lines that were left out, at 1, 2, 4, 8, ..., and of lines that were lost or too long, once a minute: anybody may cause these.
/// </summary>
internal sealed class LineTroubles(ILogger logger, TimeProvider time) : ILineTroubles
{
    private static readonly TimeSpan SilenceFor = TimeSpan.FromMinutes(1);

    private long _untold;
    private long? _toldAt;
    private long? _toldOverflowAt;

    public void OnUnreadable(ReadOnlySpan<byte> line, Exception? failure, long count)
    {
        if (!BitOperations.IsPow2(count))
            return;
        var reason = failure is null
            ? "the last three runs have died at it"
            : $"reading it failed ({failure.GetType().Name}: {EscapedText.Of(Encoding.UTF8.GetBytes(failure.Message))})";
        logger.LineUnreadable(count, reason, EscapedText.Of(line));
    }

    public void OnLost(long count, long total)
    {
        _untold += count;
        if (!IsTime(ref _toldAt))
            return;
        logger.LinesLost(_untold, total);
        _untold = 0;
    }

    public void OnOverflow(long total)
    {
        if (IsTime(ref _toldOverflowAt))
            logger.LinesOverflown(total);
    }

    private bool IsTime(ref long? toldAt)
    {
        if (toldAt is { } last && time.GetElapsedTime(last) < SilenceFor)
            return false;
        toldAt = time.GetTimestamp();
        return true;
    }
}
