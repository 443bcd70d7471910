using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>Takes the lines of our own log.</summary>
internal interface ILineSink
{
    void Write(LogLevel level, string line);
}
