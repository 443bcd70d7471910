using System.Threading.Channels;

namespace BlockSmtp.Tests.Logs;

/// <summary>Enumerates a source as the engine does, on a thread of its own, and lets a test await the lines.</summary>
internal sealed class SourceReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SourceReader(ILogSource source)
    {
        new Thread(() => Run(source)) { IsBackground = true }.Start();
    }

    public int SkippedLines { get; private set; }

    public long LostLines { get; private set; }

    /// <summary>The next line, without its line feed.</summary>
    public async Task<string> NextLineAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<List<string>> NextLinesAsync(int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
            lines.Add(await NextLineAsync());
        return lines;
    }

    /// <summary>Ends once the source has ended; throws what it threw.</summary>
    public Task EndAsync() => _ended.Task.WaitAsync(Patience);

    /// <summary>Cancels, waits for the end, and returns the lines that were not awaited.</summary>
    public async Task<List<string>> CancelAsync()
    {
        await _cancellation.CancelAsync();
        await EndAsync();
        var rest = new List<string>();
        while (_lines.Reader.TryRead(out var line))
            rest.Add(line);
        return rest;
    }

    public void Dispose()
    {
        _cancellation.Cancel();
        _ended.Task.ContinueWith(_ => _cancellation.Dispose(), TaskScheduler.Default).Wait(Patience);
    }

    private void Run(ILogSource source)
    {
        try
        {
            foreach (var chunk in Chunks.Of(source, _cancellation.Token))
            {
                SkippedLines += chunk.SkippedLines;
                LostLines += chunk.LostLines;
                foreach (string line in Chunks.Lines(chunk))
                    _lines.Writer.TryWrite(line);
            }
            _ended.TrySetResult();
        }
        catch (Exception e)
        {
            _ended.TrySetException(e);
        }
        _lines.Writer.TryComplete();
    }
}
