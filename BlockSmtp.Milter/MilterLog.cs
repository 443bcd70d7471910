using System.Net;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Milter;

/// <summary>What a milter and the gate say. Event ids are stable: 1700 to 1799 are theirs.</summary>
internal static partial class MilterLog
{
    [LoggerMessage(1700, LogLevel.Information, "the milter listens on {Address}")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(1701, LogLevel.Warning, "the milter takes no connection just now: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, string reason);

    [LoggerMessage(1702, LogLevel.Warning, "the milter has {Count} sessions and takes no more for now: mail goes on without it")]
    public static partial void TooMany(this ILogger logger, int count);

    [LoggerMessage(1703, LogLevel.Warning, "the milter has hung up, for the mail server has sent {What}")]
    public static partial void BadPacket(this ILogger logger, string what);

    [LoggerMessage(1704, LogLevel.Error, "the milter has failed: mail goes on as if it had found nothing")]
    public static partial void MilterFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1710, LogLevel.Information, "the gate has ended a session of {Peer}, which is blocked")]
    public static partial void SessionRefused(this ILogger logger, IPAddress peer);

    [LoggerMessage(1711, LogLevel.Debug, "the gate has turned {Peer} away, which is blocked")]
    public static partial void TurnedAway(this ILogger logger, IPAddress peer);
}
