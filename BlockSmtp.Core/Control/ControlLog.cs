using Microsoft.Extensions.Logging;

namespace BlockSmtp.Control;

/// <summary>What the control socket says. Event ids are stable: 1200 to 1299 are its.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1200, LogLevel.Warning, "the control socket takes no connection just now: {Reason}")]
    public static partial void ControlAcceptFailed(this ILogger logger, string reason);

    [LoggerMessage(1201, LogLevel.Error, "a request on the control socket failed")]
    public static partial void ControlRequestFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "user {User} may not use the control socket")]
    public static partial void ControlRefused(this ILogger logger, uint user);

    [LoggerMessage(1203, LogLevel.Information, "user {User} has asked for: {What}")]
    public static partial void ControlAsked(this ILogger logger, string user, string what);
}
