using Microsoft.Extensions.Logging;

namespace BlockSmtp.Logs;

/// <summary>
/// What the sources of this room tell in our own log: events 1100 to 1199. What others can cause is told less and less often.
/// </summary>
internal static partial class LogFileMessages
{
    [LoggerMessage(1100, LogLevel.Warning, "waiting for {Path}: it does not exist yet")]
    public static partial void WaitingForFile(this ILogger logger, string path);

    [LoggerMessage(1101, LogLevel.Information, "following {Path} from byte {Offset} on")]
    public static partial void FileOpened(this ILogger logger, string path, long offset);

    [LoggerMessage(1102, LogLevel.Information, "{Path} was rotated: the old file was read to its end, byte {Offset}")]
    public static partial void FileRotated(this ILogger logger, string path, long offset);

    [LoggerMessage(1103, LogLevel.Information, "{Path} was truncated: reading it from its beginning")]
    public static partial void FileTruncated(this ILogger logger, string path);

    [LoggerMessage(1104, LogLevel.Warning, "lines of {Path} over {MaxLength} bytes were left out: {Count} so far")]
    public static partial void LongLinesSkipped(this ILogger logger, string path, int maxLength, long count);

    [LoggerMessage(1105, LogLevel.Warning, "waiting until it can be read: {Problem}")]
    public static partial void FileUnreadable(this ILogger logger, string problem);

    [LoggerMessage(1106, LogLevel.Warning,
        "inotify cannot be had for {Path}, so it is looked at ten times a second: raise fs.inotify.max_user_instances or max_user_watches")]
    public static partial void NotifyUnavailable(this ILogger logger, string path);

    [LoggerMessage(1107, LogLevel.Warning,
        "the file in which {Path} was read last is not there any more, nor a copy of it that is not packed: "
            + "what was logged in it since is not read")]
    public static partial void PositionLost(this ILogger logger, string path);

    [LoggerMessage(1108, LogLevel.Warning, "where the log was read last is not known: '{Position}' is no place in {Path}")]
    public static partial void PositionUnknown(this ILogger logger, string position, string path);
}
