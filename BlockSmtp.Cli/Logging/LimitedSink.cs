using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>
/// Lets so many lines through in a while and counts the others: an attack must not fill the disk with our own log. Errors
/// always pass.
/// </summary>
internal sealed class LimitedSink(QueuedSink inner, TimeProvider time) : ILineSink, IDisposable
{
    private const int Most = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp();
    private int _written;
    private long _leftOut;

    public void Dispose() => inner.Dispose();

    public void Write(LogLevel level, string line)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_since) >= Interval)
            {
                if (_leftOut > 0)
                    inner.Write(
                        LogLevel.Warning, $"{_leftOut} lines of this log were left out: more than {Most} in {Interval.TotalSeconds} s");
                (_since, _written, _leftOut) = (time.GetTimestamp(), 0, 0);
            }

            if (level >= LogLevel.Error || _written++ < Most)
                inner.Write(level, line);
            else
                _leftOut++;
        }
    }
}
