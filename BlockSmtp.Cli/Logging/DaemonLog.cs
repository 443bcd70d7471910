using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>What the program itself says. Event ids are stable: 2000 to 2099 are its.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(2001, LogLevel.Error, "the white-list in force stays: {Reason}")]
    public static partial void ReloadFailed(this ILogger logger, string reason);

    [LoggerMessage(2002, LogLevel.Information, "the firewall is {Kind}")]
    public static partial void FirewallChosen(this ILogger logger, string kind);

    [LoggerMessage(2010, LogLevel.Information, "the journal is followed, as there is no log file where one usually is")]
    public static partial void JournalChosen(this ILogger logger);

    [LoggerMessage(2011, LogLevel.Warning, "there is no mail log yet, and no journal: {Reason}")]
    public static partial void JournalPassedOver(this ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Information, "the firewall is not {Kind}: {Reason}")]
    public static partial void FirewallPassedOver(this ILogger logger, string kind, string reason);

    [LoggerMessage(2050, LogLevel.Warning, "the figures cannot be written to '{Path}': {Reason}")]
    public static partial void MetricsNotWritten(this ILogger logger, string path, string reason);
}
