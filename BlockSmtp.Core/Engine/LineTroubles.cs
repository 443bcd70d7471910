using System.Numerics;
using System.Text;
using BlockSmtp.Diagnostics;
using BlockSmtp.Reading;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Engine;

/// <summary>Tells of lines that were left out. Anybody may cause it, so it is told at 1, 2, 4, 8, ...</summary>
internal sealed class LineTroubles(ILogger logger) : ILineTroubles
{
    public void OnUnreadable(ReadOnlySpan<byte> line, Exception? failure, long count)
    {
        if (!BitOperations.IsPow2(count))
            return;
        var reason = failure is null ? "the last run has died at it" : $"reading it failed ({failure.GetType().Name}: {EscapedText.Of(Encoding.UTF8.GetBytes(failure.Message))})";
        logger.LineUnreadable(count, reason, EscapedText.Of(line));
    }
}
