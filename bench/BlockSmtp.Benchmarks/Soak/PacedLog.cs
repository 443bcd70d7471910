using System.Diagnostics;

namespace BlockSmtp.Benchmarks.Soak;

/// <summary>
/// A log that is written as fast as a server would that logs so many lines in so much time, and rotated by rename once a day of it is full.
/// </summary>
/// <param name="path">Where.</param>
/// <param name="lines">How many there will be.</param>
/// <param name="time">In how much time.</param>
/// <param name="days">How many days that is.</param>
/// <param name="endDay">Called at the end of each day, before the log is rotated, with how many lines there are.</param>
internal sealed class PacedLog(string path, long lines, TimeSpan time, int days, Action<int, long> endDay) : Stream
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private FileStream _file = Open(path);
    private long _written;
    private int _day = 1;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes whole lines, and writes them when their time has come.</summary>
    public override void Write(byte[] buffer, int offset, int count)
    {
        var due = time * ((double)_written / lines);
        if (due - Stopwatch.GetElapsedTime(_start) is var early && early > TimeSpan.Zero)
            Thread.Sleep(early);
        _file.Write(buffer, offset, count);
        _written += buffer.AsSpan(offset, count).Count((byte)'\n');
        if (_day < days && _written >= lines * _day / days)
        {
            endDay(_day++, _written);
            _file.Dispose();
            File.Move(path, path + ".1", overwrite: true);
            _file = Open(path);
        }
    }

    /// <inheritdoc/>
    public override void Flush() => _file.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private static FileStream Open(string path) => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
}
