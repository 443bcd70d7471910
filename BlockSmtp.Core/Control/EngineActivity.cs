using System.Globalization;
using System.Net;
using BlockSmtp.Addresses;
using BlockSmtp.Diagnostics;

namespace BlockSmtp.Control;

/// <summary>Remembers what an engine did of late, for whoever watches it. Bounded; make it the engine's observer.</summary>
/// <param name="timeProvider">The clock; null for the machine's.</param>
public sealed class EngineActivity(TimeProvider? timeProvider = null) : IEngineObserver
{
    private const int MostOffenses = 16_384;
    private const int MostEvents = 1024;
    private const int MostHosts = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly Queue<(IPAddress Host, DateTimeOffset Time)> _offenses = new();
    private readonly Queue<ActivityEvent> _events = new();
    private long _last;

    /// <summary>Says what was done.</summary>
    /// <param name="after">Only events after this one; 0 for all that are remembered.</param>
    /// <returns>The events, and the hosts that offend now.</returns>
    public ActivityReport Report(long after)
    {
        (IPAddress Host, DateTimeOffset Time)[] offenses;
        ActivityEvent[] events;
        long last;
        lock (_lock)
        {
            offenses = [.. _offenses];
            events = [.. _events.Where(seen => seen.Number > after)];
            last = _last;
        }

        var since = _time.GetUtcNow() - Window;
        var hosts = offenses.Where(offense => offense.Time > since).GroupBy(offense => offense.Host)
            .Select(host => new HostRate { Host = host.Key, Offenses = host.Count(), Last = host.Max(offense => offense.Time) })
            .OrderByDescending(host => host.Offenses).ThenByDescending(host => host.Last).Take(MostHosts);
        return new ActivityReport { Last = last, Events = events, Hosts = [.. hosts] };
    }

    /// <inheritdoc/>
    public void OnOffense(in Offense offense)
    {
        lock (_lock)
        {
            if (_offenses.Count == MostOffenses)
                _offenses.Dequeue();
            _offenses.Enqueue((offense.Peer, offense.Time));
        }
    }

    /// <inheritdoc/>
    public void OnBlocked(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var end = block.IsForGood ? "for good" : string.Create(CultureInfo.InvariantCulture, $"until {block.Until:yyyy-MM-ddTHH:mm:ssZ}");
        Add(block.Since, "block", block.Network, $"{end}: {block.Reason}");
    }

    /// <inheritdoc/>
    public void OnReleased(Block block, DateTimeOffset time, ReleaseReason reason)
    {
        ArgumentNullException.ThrowIfNull(block);
        Add(time, "unblock", block.Network, ReleaseWord.Of(reason));
    }

    /// <inheritdoc/>
    public void OnIgnored(IPAddress peer, DateTimeOffset time, int offenses, string reason)
    {
        Add(time, "ignore", HostKey.NetworkOf(peer), reason);
    }

    /// <inheritdoc/>
    public void OnAlarm(GuessingAlarm alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        Add(
            alarm.Time,
            "alarm",
            null,
            string.Create(CultureInfo.InvariantCulture, $"{alarm.Hosts} hosts guess together, {alarm.Names} names within an hour"));
    }

    /// <inheritdoc/>
    public void OnSessionEnded(EndedSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Add(_time.GetUtcNow(), "end_session", session.Peer is { } peer ? HostKey.NetworkOf(peer) : null, session.Means.ToString());
    }

    private void Add(DateTimeOffset time, string action, IPNetwork? network, string detail)
    {
        lock (_lock)
        {
            if (_events.Count == MostEvents)
                _events.Dequeue();
            _events.Enqueue(new ActivityEvent { Number = ++_last, Time = time, Action = action, Network = network, Detail = detail });
        }
    }
}
