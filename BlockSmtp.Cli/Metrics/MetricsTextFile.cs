using System.Text;
using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Metrics;

/// <summary>
/// Keeps a file for the textfile collector of node_exporter up to date, and takes it away at the end: figures of a daemon that does
/// not run would look like those of one that does.
/// </summary>
internal sealed class MetricsTextFile : IAsyncDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // node_exporter is asked every 15 seconds at most places.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly string _path;
    private readonly Func<string> _read;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    private MetricsTextFile(string path, Func<string> read, ILogger logger)
    {
        (_path, _read, _logger) = (path, read, logger);
        _writing = Task.Run(WriteOnAsync);
    }

    /// <summary>Writes the file, and again every few seconds.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static MetricsTextFile Start(string path, Func<string> read, ILogger logger)
    {
        try
        {
            Write(path, read());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("metrics-textfile", path, e);
        }

        return new MetricsTextFile(path, read, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.MetricsNotWritten(_path, e.Message);
        }
    }

    private static void Write(string path, string text) => AtomicFile.Write(path, Readable, lasts: false, file => file.Write(Encoding.UTF8.GetBytes(text)));

    private async Task WriteOnAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        var failing = false;
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            try
            {
                Write(_path, _read());
                failing = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk is said once; the blocking goes on.
                if (!failing)
                    _logger.MetricsNotWritten(_path, e.Message);
                failing = true;
            }
        }
    }
}
