using System.Text;
using BlockSmtp.Cli.Daemon;
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
    private readonly ILogger _logger;
    private readonly RenewedFile _file;

    private MetricsTextFile(string path, Action<Stream> write, ILogger logger)
    {
        (_path, _logger) = (path, logger);
        _file = new RenewedFile(path, Readable, Interval, write, problem => logger.MetricsNotWritten(path, problem));
    }

    /// <summary>Writes the file, and again every few seconds.</summary>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public static MetricsTextFile Start(string path, Func<string> read, ILogger logger)
    {
        void Write(Stream file) => file.Write(Encoding.UTF8.GetBytes(read()));
        try
        {
            AtomicFile.Write(path, Readable, lasts: false, Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed("metrics-textfile", path, e);
        }

        return new MetricsTextFile(path, Write, logger);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.MetricsNotWritten(_path, e.Message);
        }
    }
}
