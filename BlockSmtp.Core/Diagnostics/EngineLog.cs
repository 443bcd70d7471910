using System.Net;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Diagnostics;

/// <summary>What the engine says. Event ids are stable: 1000 to 1099 are the engine's.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1000, LogLevel.Information, "ready: {Count} blocks in force, {Trusted} trusted networks")]
    public static partial void Ready(this ILogger logger, int count, int trusted);

    [LoggerMessage(1001, LogLevel.Information, "stopped after {Lines} lines and {Blocks} blocks")]
    public static partial void Stopped(this ILogger logger, long lines, long blocks);

    [LoggerMessage(1010, LogLevel.Information, "blocked {Network} until {Until:yyyy-MM-ddTHH:mm:ssZ}: {Reason}")]
    public static partial void Blocked(this ILogger logger, string network, DateTimeOffset until, string reason);

    [LoggerMessage(1011, LogLevel.Information, "released {Network}: {Reason}")]
    public static partial void Released(this ILogger logger, string network, string reason);

    [LoggerMessage(1012, LogLevel.Information, "not blocked {Peer} after {Offenses} offenses: {Reason}")]
    public static partial void Ignored(this ILogger logger, IPAddress peer, int offenses, string reason);

    [LoggerMessage(1013, LogLevel.Debug, "offense of {Peer}: {Kind}")]
    public static partial void Offense(this ILogger logger, IPAddress peer, OffenseKind kind);

    [LoggerMessage(1015, LogLevel.Warning, "many hosts guess together: {Hosts} that have never delivered mail have tried {Names} names "
        + "within an hour, usual are {Usual} hosts")]
    public static partial void GuessingTogether(this ILogger logger, int hosts, int names, int usual);

    [LoggerMessage(1014, LogLevel.Information, "ended session of {Peer} (process {ProcessId}): {Means}")]
    public static partial void SessionEnded(this ILogger logger, IPAddress? peer, int processId, SessionEnd means);

    [LoggerMessage(1020, LogLevel.Error, "the firewall failed, and is tried again in {Delay}: {Reason}")]
    public static partial void FirewallFailed(this ILogger logger, string delay, string reason);

    [LoggerMessage(1021, LogLevel.Warning, "the firewall works again: {Count} blocks in force")]
    public static partial void FirewallMended(this ILogger logger, int count);

    [LoggerMessage(
        1025, LogLevel.Warning, "somebody has changed the rules: {Wanted} networks are to be blocked, {Actual} are; mending that")]
    public static partial void FirewallDiffers(this ILogger logger, int wanted, int actual);

    [LoggerMessage(1022, LogLevel.Error, "the firewall could not be cleared at the end: {Reason}")]
    public static partial void FirewallLeft(this ILogger logger, string reason);

    [LoggerMessage(
        1026, LogLevel.Warning, "ended by a failure: the rules stay in force until their time is over or the next start takes them over")]
    public static partial void RulesStay(this ILogger logger);

    [LoggerMessage(1023, LogLevel.Trace, "{Count} changes in force after {Milliseconds} ms")]
    public static partial void InForce(this ILogger logger, int count, long milliseconds);

    [LoggerMessage(1024, LogLevel.Error, "sessions could not be ended: {Reason}")]
    public static partial void ReapingFailed(this ILogger logger, string reason);

    [LoggerMessage(1030, LogLevel.Information, "white-list replaced: {Trusted} trusted networks")]
    public static partial void WhiteListReplaced(this ILogger logger, int trusted);

    [LoggerMessage(1031, LogLevel.Debug, "own addresses replaced: {Count} addresses")]
    public static partial void OwnAddressesReplaced(this ILogger logger, int count);

    [LoggerMessage(1040, LogLevel.Error, "the observer {Observer} failed")]
    public static partial void ObserverFailed(this ILogger logger, string observer, Exception exception);

    [LoggerMessage(1042, LogLevel.Error, "the policy {Policy} failed at {What} of {Peer} at {Time:yyyy-MM-ddTHH:mm:ssZ}, "
        + "which is taken for no verdict: {Count} times so far")]
    public static partial void PolicyFailed(
        this ILogger logger, string policy, string what, IPAddress peer, DateTimeOffset time, long count, Exception exception);

    [LoggerMessage(1043, LogLevel.Error, "the look-up {Lookup} failed at process {ProcessId}: {Count} times so far")]
    public static partial void LookupFailed(this ILogger logger, string lookup, int processId, long count, Exception exception);

    [LoggerMessage(
        1044, LogLevel.Error, "the observer {Observer} does not keep up: of more than {Most} offenses that wait for it no more are told")]
    public static partial void ObserverTooSlow(this ILogger logger, string observer, int most);

    [LoggerMessage(1070, LogLevel.Error, "the fleet {Fleet} has failed; what is decided here goes on without")]
    public static partial void FleetFailed(this ILogger logger, string fleet, Exception exception);

    [LoggerMessage(1060, LogLevel.Error, "a line of the log is left out, {Count} so far, since {Reason}: {Line}")]
    public static partial void LineUnreadable(this ILogger logger, long count, string reason, string line);

    [LoggerMessage(1062, LogLevel.Error,
        "whoever keeps the log has dropped {Count} lines, {Total} so far, and wrong guesses in them are not counted: "
            + "take its rate limit away for the mail server, as blocksmtp check says")]
    public static partial void LinesLost(this ILogger logger, long count, long total);

    [LoggerMessage(1063, LogLevel.Error,
        "{Total} lines so far were too long for Exim's log buffer, as a client with a HELO of 8,000 bytes makes them: they do not name "
            + "the client, and wrong guesses in them may not be counted; limit HELO by acl_smtp_helo, as docs/exim.md shows")]
    public static partial void LinesOverflown(this ILogger logger, long total);

    [LoggerMessage(
        1061, LogLevel.Warning, "the line in hand cannot be noted, so a line at which this process dies would be read again: {Reason}")]
    public static partial void LineNotNoted(this ILogger logger, string reason);

    [LoggerMessage(1041, LogLevel.Warning, "the log has lines of mail servers on {Count} hosts; name the one on this machine, "
        + "or clients are found only when the log names them")]
    public static partial void SeveralHosts(this ILogger logger, int count);

    [LoggerMessage(1050, LogLevel.Error, "the state is not kept, and goes on from memory; tried again in {Delay}: {Reason}")]
    public static partial void StateNotKept(this ILogger logger, string delay, string reason);

    [LoggerMessage(1051, LogLevel.Warning, "the state is kept again")]
    public static partial void StateKeptAgain(this ILogger logger);

    [LoggerMessage(1052, LogLevel.Warning, "the clock was set {Direction} by {Step}: blocks keep the time that was left to them")]
    public static partial void ClockSet(this ILogger logger, string step, string direction);

    [LoggerMessage(
        1053, LogLevel.Information, "taken up from an earlier run: {Blocks} blocks, offenses of {Hosts} hosts, {Waiting} transactions")]
    public static partial void Resumed(this ILogger logger, int blocks, int hosts, int waiting);
}
