using System.Diagnostics;
using System.Text;
using BlockSmtp.Logs;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>Follows a log and notes when a text was read in it.</summary>
internal sealed class LineFollower : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _task = Task.CompletedTask;
    private IDisposable? _owned;
    private volatile byte[]? _wanted;
    private long _seenAt;

    private LineFollower(string name) => Name = name;

    public string Name { get; }

    /// <summary>When the text was read; null for not yet.</summary>
    public long? SeenAt => Interlocked.Read(ref _seenAt) is var at and not 0 ? at : null;

    /// <summary>Follows a file, as the daemon does.</summary>
    public static LineFollower OfFile(string path, out StreamWriter writer)
    {
        writer = new StreamWriter(path);
        return Of("file", new FileLogSource(path), writer);
    }

    /// <summary>Follows the journal, as the daemon does.</summary>
    public static LineFollower OfJournal() => Of("journal", new JournalLogSource(), null);

    /// <summary>Follows the journal as whoever looks at it does.</summary>
    public static LineFollower OfJournalctl()
    {
        var follower = new LineFollower("journalctl --follow");
        var process = Process.Start(
            new ProcessStartInfo("journalctl", ["--follow", "--lines=0", "--output=cat"]) { RedirectStandardOutput = true })!;
        follower._owned = process;
        follower._task = Task.Run(() =>
        {
            while (process.StandardOutput.ReadLine() is { } line)
                follower.Look(Encoding.UTF8.GetBytes(line));
        });
        return follower;
    }

    /// <summary>Looks for a text in what comes from now on.</summary>
    public void LookFor(string text)
    {
        Interlocked.Exchange(ref _seenAt, 0);
        _wanted = Encoding.UTF8.GetBytes(text);
    }

    public void Dispose()
    {
        _stop.Cancel();
        if (_owned is Process process)
            process.Kill();
        _task.Wait();
        _owned?.Dispose();
        _stop.Dispose();
    }

    private static LineFollower Of(string name, ILogSource source, IDisposable? owned)
    {
        var follower = new LineFollower(name) { _owned = owned };
        follower._task = Task.Factory.StartNew(follower.Follow, source, TaskCreationOptions.LongRunning);
        return follower;
    }

    private void Follow(object? source)
    {
        try
        {
            foreach (var chunk in ((ILogSource)source!).ReadAsync(_stop.Token).ToBlockingEnumerable())
                Look(chunk.Lines.Span);
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private void Look(ReadOnlySpan<byte> lines)
    {
        if (_wanted is { } wanted && lines.IndexOf(wanted) >= 0)
            Interlocked.CompareExchange(ref _seenAt, Stopwatch.GetTimestamp(), 0);
    }
}
