using System.Net;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Processes;

/// <summary>The events of <see cref="SendmailReaper"/>: 1400 to 1499.</summary>
internal static partial class ReaperLog
{
    [LoggerMessage(1400, LogLevel.Debug, "ended the session of {Peer} in process {ProcessId}, because {Reason}: {Means}")]
    public static partial void Ended(ILogger logger, int processId, IPAddress peer, string reason, SessionEnd means);

    [LoggerMessage(
        1401,
        LogLevel.Warning,
        "the session of {Peer} in process {ProcessId} could not be ended: look what the process hangs on, and end it by hand")]
    public static partial void NotEnded(ILogger logger, int processId, IPAddress peer);

    [LoggerMessage(1402, LogLevel.Warning, "{Count} processes of the mail server can't be looked into, so their sessions are not ended: "
        + "run as root, or with CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH and CAP_KILL")]
    public static partial void NotPermitted(ILogger logger, int count);

    [LoggerMessage(1403, LogLevel.Warning, "the helper that looks into the mail server's processes, at {Path}, does not answer ({Reason}): "
        + "meanwhile a wrong guess counts once the log names its host, and no session is ended; look at blocksmtp-sessions.service")]
    public static partial void ServerAway(ILogger logger, string path, string reason);

    [LoggerMessage(1404, LogLevel.Warning, "the helper that looks into the mail server's processes, at {Path}, answers again")]
    public static partial void ServerBack(ILogger logger, string path);
}
