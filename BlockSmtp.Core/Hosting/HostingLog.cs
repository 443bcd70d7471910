using Microsoft.Extensions.Logging;

namespace BlockSmtp.Hosting;

/// <summary>What the hosted engine says. Event ids are stable: 1900 to 1999.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1900, LogLevel.Critical, "the engine '{Name}' has failed: {Reason}")]
    public static partial void EngineFailed(this ILogger logger, string name, string reason);

    [LoggerMessage(1901, LogLevel.Error, "the white-list of the engine '{Name}' stays as it is: {Reason}")]
    public static partial void ReloadFailed(this ILogger logger, string name, string reason);
}
