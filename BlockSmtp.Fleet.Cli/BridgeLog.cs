using Microsoft.Extensions.Logging;

namespace BlockSmtp.Fleet.Cli;

/// <summary>What the program says of its daemon. Event ids are stable: 2100 to 2199 are its.</summary>
internal static partial class BridgeLog
{
    [LoggerMessage(2100, LogLevel.Information, "the daemon is there, at {Socket}")]
    public static partial void DaemonFound(this ILogger logger, string socket);

    [LoggerMessage(2101, LogLevel.Warning, "the daemon is not there, and is tried again: {Reason}")]
    public static partial void DaemonAway(this ILogger logger, string reason);
}
