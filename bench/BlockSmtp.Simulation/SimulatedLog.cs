using System.Text;

namespace BlockSmtp.Simulation;

/// <summary>The log files: they outlast the daemon.</summary>
internal sealed class LogFiles
{
    private readonly List<byte[]> _lines = [];
    private int _currentFile;

    public int Count => _lines.Count;

    /// <summary>The first line that has not been thrown away.</summary>
    public int Oldest { get; private set; }

    public byte[] this[int line] => _lines[line];

    /// <returns>The number of the line.</returns>
    public int Write(string line)
    {
        _lines.Add(Encoding.UTF8.GetBytes(line + "\n"));
        return _lines.Count - 1;
    }

    /// <summary>The file is put aside, and the one that was put aside before is thrown away.</summary>
    public void Rotate() => (Oldest, _currentFile) = (_currentFile, _lines.Count);

    /// <summary>The file is emptied; one that was put aside stays unless it is thrown away as well.</summary>
    public void Truncate() => Oldest = _currentFile = _lines.Count;
}

/// <summary>
/// The log as one process has it. It hands out what the simulation says, and the simulation does not go on before the engine has dealt with
/// it: the one thread waits while the other runs.
/// </summary>
internal sealed class SimulatedLog(LogFiles files) : IResumableLogSource, IDisposable
{
    private readonly SemaphoreSlim _asked = new(0);
    private readonly SemaphoreSlim _given = new(0);
    private Thread? _reader;
    private bool _hasBegun;
    private int _cursor = files.Count;
    private int _end;
    private volatile bool _isOver;

    public string Position => FormattableString.Invariant($"line {_cursor}");

    string? IResumableLogSource.Position => Position;

    /// <summary>Whether the engine waits for lines.</summary>
    public bool IsRead => _hasBegun && !_isOver;

    public void ResumeFrom(string position) =>
        _cursor = Math.Max(int.Parse(position.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture), files.Oldest);

    /// <summary>Waits until the engine asks for its first lines.</summary>
    public void Await()
    {
        if (_hasBegun)
            return;
        _asked.Wait();
        _hasBegun = true;
    }

    /// <summary>Hands out the next lines.</summary>
    /// <returns>Which ones.</returns>
    public Range Hand(int most)
    {
        var from = Math.Max(_cursor, files.Oldest);
        _end = Math.Min(files.Count, from + most);
        if (_end > from)
        {
            _cursor = from;
            _given.Release();
            _asked.Wait();
        }

        return from.._end;
    }

    /// <summary>There are no more lines; ends when the thread that reads has.</summary>
    public void End()
    {
        _isOver = true;
        if (!_hasBegun)
            return;
        _given.Release();
        _reader!.Join();
    }

    public async IAsyncEnumerable<LogChunk> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        _reader = Thread.CurrentThread;
        try
        {
            while (true)
            {
                _asked.Release();
                _given.Wait(CancellationToken.None);
                if (_isOver)
                    yield break;
                var from = _cursor;
                _cursor = _end;
                var bytes = Enumerable.Range(from, _end - from).SelectMany(line => files[line]).ToArray();
                yield return new LogChunk(bytes);
            }
        }
        finally
        {
            // Should the engine have thrown, nobody waits any more.
            _isOver = true;
            _asked.Release();
        }
    }

    public void Dispose()
    {
        _asked.Dispose();
        _given.Dispose();
    }
}
