using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Hooks;

/// <summary>Tells somebody of the administrator's of blocks, releases and alarms, as they happen.</summary>
internal sealed class EventHook : IEngineObserver, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EventQueue _queue;
    private readonly DateTimeOffset _enforcedFrom;

    private EventHook(EventQueue queue, DateTimeOffset enforcedFrom) => (_queue, _enforcedFrom) = (queue, enforcedFrom);

    public bool WantsOffenses => false;

    /// <summary>Begins to tell; null where nobody is to be told.</summary>
    /// <param name="receiver">Whom.</param>
    /// <param name="enforcedFrom">From when on blocks are in force: never in a dry run, later in a trial.</param>
    /// <param name="logger">Our own log.</param>
    public static EventHook? Start(IEventReceiver? receiver, DateTimeOffset enforcedFrom, ILogger logger) =>
        receiver is null ? null : new EventHook(new EventQueue(receiver, Patience, TimeProvider.System, logger), enforcedFrom);

    public void OnBlocked(Block block) => Tell(block.Since, "block", json => EventText.Write(json, block));

    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason) => Tell(time, "unblock", json =>
    {
        EventText.Write(json, block);
        json.WriteString("release", ReleaseWord(reason));
    });

    public void OnAlarm(GuessingAlarm alarm) => Tell(alarm.Time, "alarm", json =>
    {
        json.WriteNumber("hosts", alarm.Hosts);
        json.WriteNumber("names", alarm.Names);
        json.WriteNumber("usual_hosts", alarm.UsualHosts);
    });

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private static string ReleaseWord(ReleaseReason reason) => reason switch
    {
        ReleaseReason.Expired => "expired",
        ReleaseReason.WhiteListed => "white-listed",
        ReleaseReason.Requested => "requested",
        ReleaseReason.Crowded => "crowded out",
        ReleaseReason.Replaced => "replaced",
        ReleaseReason.Elsewhere => "elsewhere",
        _ => "unfounded",
    };

    private void Tell(DateTimeOffset time, string action, Action<Utf8JsonWriter> rest) =>
        _queue.Add(dropped => EventText.Write(time, action, time >= _enforcedFrom, dropped, rest));
}
