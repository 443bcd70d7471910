using Microsoft.Extensions.Logging;

namespace BlockSmtp.Logs;

/// <summary>What the journal source tells in our own log: events 1120 to 1139. What others can cause is told less and less often.</summary>
internal static partial class JournalMessages
{
    [LoggerMessage(1120, LogLevel.Information, "following the journal, names {Identifiers}")]
    public static partial void JournalOpened(this ILogger logger, string identifiers);

    [LoggerMessage(
        1121,
        LogLevel.Warning,
        "the journal does not know the place where reading stopped the last time, so what was logged meanwhile is not read")]
    public static partial void JournalPositionLost(this ILogger logger);

    [LoggerMessage(1122, LogLevel.Warning, "{Problem}; it is tried again")]
    public static partial void JournalFailed(this ILogger logger, string problem);

    [LoggerMessage(1123, LogLevel.Warning,
        "entries in the mail server's name were left out, as user {User} logged them and only users "
            + "{Trusted} are believed: {Count} so far")]
    public static partial void JournalEntriesUntrusted(this ILogger logger, int user, string trusted, long count);

    [LoggerMessage(1124, LogLevel.Warning, "entries of the journal over {MaxLength} bytes were left out: {Count} so far")]
    public static partial void JournalEntriesTooLong(this ILogger logger, int maxLength, long count);
}
