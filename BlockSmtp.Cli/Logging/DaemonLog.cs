using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>What the program itself says. Event ids are stable: 2000 to 2099 are its.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(2001, LogLevel.Error, "what is in force stays: {Reason}")]
    public static partial void ReloadFailed(this ILogger logger, string reason);

    [LoggerMessage(2002, LogLevel.Information, "the firewall is {Kind}")]
    public static partial void FirewallChosen(this ILogger logger, string kind);

    [LoggerMessage(2010, LogLevel.Information, "the journal is followed, as there is no log file where one usually is")]
    public static partial void JournalChosen(this ILogger logger);

    [LoggerMessage(2011, LogLevel.Warning, "there is no mail log yet, and no journal: {Reason}")]
    public static partial void JournalPassedOver(this ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Information, "the firewall is not {Kind}: {Reason}")]
    public static partial void FirewallPassedOver(this ILogger logger, string kind, string reason);

    [LoggerMessage(2004, LogLevel.Information, "the configuration was read again; {Changed}; the white-list has {Trusted} networks")]
    public static partial void Reloaded(this ILogger logger, string changed, int trusted);

    [LoggerMessage(2005, LogLevel.Warning, "these options cannot change while the daemon runs, restart it: {Options}")]
    public static partial void NeedsRestart(this ILogger logger, string options);

    [LoggerMessage(2006, LogLevel.Warning, "status, list, why, block and unblock do not work: {Reason}")]
    public static partial void NoControlSocket(this ILogger logger, string reason);

    [LoggerMessage(2012, LogLevel.Warning, "who has delivered mail is learnt anew, '{Path}' cannot be read: {Reason}")]
    public static partial void DeliveriesNotRead(this ILogger logger, string path, string reason);

    [LoggerMessage(2015, LogLevel.Debug, "whom earlier runs have blocked is not known: {Reason}")]
    public static partial void EarlierBlocksNotRead(this ILogger logger, string reason);

    [LoggerMessage(2013, LogLevel.Warning, "who has delivered mail is forgotten at the next start, '{Path}' cannot be written: {Reason}")]
    public static partial void DeliveriesNotWritten(this ILogger logger, string path, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "a second daemon could use {What} too: {Reason}")]
    public static partial void LockNotTaken(this ILogger logger, string what, string reason);

    [LoggerMessage(2008, LogLevel.Error, "the rules stay in force, as the next start will be refused: {Mistake}")]
    public static partial void RulesStayForRestart(this ILogger logger, string mistake);

    [LoggerMessage(2070, LogLevel.Information, "the {Names} names of the white-list stand for {Networks} networks now")]
    public static partial void NamesTaken(this ILogger logger, int networks, int names);

    [LoggerMessage(2071, LogLevel.Warning, "the names of the white-list stand for what they did: {Reason}")]
    public static partial void NamesNotTaken(this ILogger logger, string reason);

    [LoggerMessage(2072, LogLevel.Warning, "of {Missing} of the {Names} names of the white-list no address is known yet: "
        + "blocksmtp resolve (systemctl enable --now blocksmtp-names.timer)")]
    public static partial void NamesMissing(this ILogger logger, int missing, int names);

    [LoggerMessage(2060, LogLevel.Warning, "{Count} events were not taken by {Receiver}: {Reason}")]
    public static partial void EventsFailed(this ILogger logger, long count, string receiver, string reason);

    [LoggerMessage(2061, LogLevel.Warning, "{Count} events were dropped: more than {Receiver} has taken in time")]
    public static partial void EventsDropped(this ILogger logger, long count, string receiver);

    [LoggerMessage(2050, LogLevel.Warning, "the figures cannot be written to '{Path}': {Reason}")]
    public static partial void MetricsNotWritten(this ILogger logger, string path, string reason);

    [LoggerMessage(2014, LogLevel.Warning, "systemd has handed over a socket that nobody answers at: set milter = systemd, "
        + "or systemctl disable --now blocksmtp-milter.socket")]
    public static partial void HandedSocketUnused(this ILogger logger);
}
