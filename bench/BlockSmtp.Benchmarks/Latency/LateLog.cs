namespace BlockSmtp.Benchmarks.Latency;

/// <summary>
/// A copy of a log that gets its lines late: four times a second, as the journal tells its readers of new entries (journald, "flush").
/// </summary>
internal sealed class LateLog : IDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    private readonly Thread _thread;
    private volatile bool _stop;

    /// <param name="log">The log.</param>
    /// <param name="copy">Where the copy is to be.</param>
    public LateLog(string log, string copy)
    {
        Path = copy;
        File.WriteAllText(copy, "");
        _thread = new Thread(() => Copy(log)) { IsBackground = true };
        _thread.Start();
    }

    public string Path { get; }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Copy(string log)
    {
        using var from = new FileStream(log, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var to = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        from.Seek(0, SeekOrigin.End);
        while (!_stop)
        {
            Thread.Sleep(Late);
            from.CopyTo(to);
            to.Flush();
        }
    }
}
