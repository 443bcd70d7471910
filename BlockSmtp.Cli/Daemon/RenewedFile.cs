namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Writes a file anew again and again until it is put away. What fails (a full disk) is told once, and tried again: the blocking goes on.
/// </summary>
internal sealed class RenewedFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly UnixFileMode _mode;
    private readonly Action<Stream> _write;
    private readonly Action<string> _failed;
    private readonly Recurring _writing;
    private bool _isFailing;

    /// <param name="path">The file.</param>
    /// <param name="mode">Who may read it.</param>
    /// <param name="interval">How often it is written.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="failed">Is told why it could not be written.</param>
    public RenewedFile(string path, UnixFileMode mode, TimeSpan interval, Action<Stream> write, Action<string> failed)
    {
        (_path, _mode, _write, _failed) = (path, mode, write, failed);
        _writing = new Recurring(interval, Write);
    }

    public ValueTask DisposeAsync() => _writing.DisposeAsync();

    /// <summary>Writes it now; while it is not being written by itself.</summary>
    public void Write()
    {
        try
        {
            AtomicFile.Write(_path, _mode, lasts: false, _write);
            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
                _failed(e.Message);
            _isFailing = true;
        }
    }
}
