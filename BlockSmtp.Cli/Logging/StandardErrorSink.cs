using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>Writes to standard error. One that nobody reads any more does not stop the daemon.</summary>
internal sealed class StandardErrorSink : ILineSink
{
    public void Write(LogLevel level, string line)
    {
        try
        {
            Console.Error.WriteLine(level >= LogLevel.Error
                ? $"{JournalStream.Head(level)}error: {line}" : $"{JournalStream.Head(level)}{line}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // EBADF, that of a standard error closed from the start, comes as the latter.
        }
    }
}
