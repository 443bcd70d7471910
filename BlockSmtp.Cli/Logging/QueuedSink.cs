using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>
/// Writes on a thread of its own: a terminal that is stopped, a pipe that nobody reads or a hung syslog daemon must hold up
/// neither detection nor the stop. What does not fit into the queue is left out and counted.
/// </summary>
internal sealed class QueuedSink : ILineSink, IDisposable
{
    private const int Room = 1000;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(0.3);

    private readonly ILineSink _inner;
    private readonly Queue<(LogLevel Level, string Line)> _lines = new();
    private readonly object _turn = new();
    private readonly Thread _writer;
    private long _leftOut;
    private bool _closed;

    public QueuedSink(ILineSink inner)
    {
        _inner = inner;
        // In the background, as a write that hangs must not keep the process alive.
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "blocksmtp log" };
        _writer.Start();
    }

    public void Write(LogLevel level, string line)
    {
        lock (_turn)
        {
            if (_closed || _lines.Count >= Room)
            {
                _leftOut++;
                return;
            }

            _lines.Enqueue((level, line));
            Monitor.Pulse(_turn);
        }
    }

    /// <summary>Gives what is queued a moment to be written.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _closed = true;
            Monitor.Pulse(_turn);
        }

        _writer.Join(LastWords);
    }

    private void WriteAll()
    {
        while (TryTake(out var next, out var leftOut))
        {
            if (leftOut > 0)
                _inner.Write(
                    LogLevel.Warning, $"{leftOut} lines of this log were left out: they could not be written as fast as they came");
            _inner.Write(next.Level, next.Line);
        }
    }

    private bool TryTake(out (LogLevel Level, string Line) next, out long leftOut)
    {
        lock (_turn)
        {
            while (_lines.Count == 0 && !_closed)
                Monitor.Wait(_turn);
            (leftOut, _leftOut) = (_leftOut, 0);
            return _lines.TryDequeue(out next);
        }
    }
}
