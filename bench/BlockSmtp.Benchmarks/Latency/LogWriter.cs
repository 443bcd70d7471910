using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>Writes lines into a log as sendmail does through syslogd: each with a write of its own, unless collected.</summary>
internal sealed class LogWriter(string path) : IDisposable
{
    // No process has such a number (PID_MAX_LIMIT is 4,194,304), so the daemon learns the host from the log alone.
    private const int FirstProcess = 5_000_000;

    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
    private readonly StringBuilder _collected = new();
    private int _transactions;

    /// <summary>Wrong guesses and the line that names the host.</summary>
    /// <returns>When that line was about to be written, by <see cref="Stopwatch"/>.</returns>
    public long Guess(IPAddress host, int guesses)
    {
        var (head, last) = Lines(host);
        for (var i = 0; i < guesses; i++)
            _file.Write(Encoding.ASCII.GetBytes($"{head}<nosuch{i}@corp.example>... User unknown\n"));
        var start = Stopwatch.GetTimestamp();
        _file.Write(Encoding.ASCII.GetBytes(last));
        return start;
    }

    /// <summary>The same, to be written by <see cref="Flush"/>.</summary>
    public void Collect(IPAddress host, int guesses)
    {
        var (head, last) = Lines(host);
        for (var i = 0; i < guesses; i++)
            _collected.Append(head).Append(CultureInfo.InvariantCulture, $"<nosuch{i}@corp.example>... User unknown\n");
        _collected.Append(last);
    }

    public void Flush()
    {
        _file.Write(Encoding.ASCII.GetBytes(_collected.ToString()));
        _collected.Clear();
    }

    /// <summary>Wrong guesses of a process that is there. No line names the host.</summary>
    /// <returns>When the last one was about to be written.</returns>
    public long Guess(int process, int guesses)
    {
        var id = $"{QueueIds.Time(DateTime.UtcNow)}{++_transactions % 100:00}{process:000000}";
        var lines = Enumerable.Range(0, guesses)
            .Select(i => Encoding.ASCII.GetBytes($"{Stamp()} mail1 sm-mta[{process}]: {id}: <nosuch{i}@corp.example>... User unknown\n"))
            .ToArray();
        foreach (var line in lines[..^1])
            _file.Write(line);
        var start = Stopwatch.GetTimestamp();
        _file.Write(lines[^1]);
        return start;
    }

    public void Dispose() => _file.Dispose();

    private (string Head, string Last) Lines(IPAddress host)
    {
        var process = FirstProcess + (++_transactions % 4_000_000);
        var head = $"{Stamp()} mail1 sm-mta[{process}]: 6ANHntrU{process}: ";
        return (head, $"{head}from=<a@b.example>, size=0, class=0, nrcpts=0, proto=ESMTP, daemon=MTA-v4, relay=[{host}]\n");
    }

    private static string Stamp() => DateTime.Now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture);
}
