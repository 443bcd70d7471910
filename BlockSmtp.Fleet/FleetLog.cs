using Microsoft.Extensions.Logging;

namespace BlockSmtp.Fleet;

/// <summary>What the fleet says. Event ids are stable: 1800 to 1899 are its.</summary>
internal static partial class FleetLog
{
    [LoggerMessage(1800, LogLevel.Information, "the fleet {Fleet} is heard at {Server}; this host is {Node}")]
    public static partial void Connected(this ILogger logger, string fleet, string server, string node);

    [LoggerMessage(1801, LogLevel.Warning, "the fleet is not heard, this host goes on alone and tries again: {Reason}")]
    public static partial void Disconnected(this ILogger logger, string reason);

    [LoggerMessage(1802, LogLevel.Warning, "the server has not kept what was said: {Count} words of this host are said again")]
    public static partial void SaidAgain(this ILogger logger, int count);

    [LoggerMessage(1803, LogLevel.Error, "another host calls itself {Node}, so neither hears the other: give each a name of its own")]
    public static partial void NameTaken(this ILogger logger, string node);

    [LoggerMessage(
        1804,
        LogLevel.Warning,
        "what is no word was passed over, {Count} times so far: somebody else writes into this fleet, or a host has a later blocksmtp")]
    public static partial void ImproperWord(this ILogger logger, long count);
}
