using System.Net;

namespace BlockSmtp.Diagnostics;

/// <summary>
/// What an engine measures beside its counters, for the instruments of its meter (docs/metrics.md). It costs nothing for a
/// line: all that is known of lines is asked for when somebody looks.
/// </summary>
internal sealed class EngineMetrics(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPNetwork, long> _decided = [];
    private readonly long[] _blocks = new long[Enum.GetValues<BlockOrigin>().Length];
    private readonly long[] _releases = new long[Enum.GetValues<ReleaseReason>().Length];
    private readonly long[] _ended = new long[Enum.GetValues<SessionEnd>().Length];
    private readonly long[] _failures = new long[Enum.GetValues<FirewallCall>().Length];
    private long _alarms;
    private long _readAt;
    private long _lastRead;

    /// <summary>When lines were read last, UTC; null before the first.</summary>
    public DateTimeOffset? LastRead =>
        Interlocked.Read(ref _lastRead) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Where durations go; null while nobody can ask for them.</summary>
    public EngineInstruments? Instruments { get; set; }

    /// <summary>Lines have been read: from now on it is our time that a guesser uses.</summary>
    public void OnRead()
    {
        _readAt = time.GetTimestamp();
        Interlocked.Exchange(ref _lastRead, time.GetUtcNow().UtcTicks);
    }

    public void OnBlocked(Block block)
    {
        // The policy counts offenses; who asks for a block has none to show.
        var origin = block.Origin;
        Count(_blocks, (int)origin);
        if (origin != BlockOrigin.Policy || _readAt == 0)
            return;
        lock (_lock)
            _decided[block.Network] = _readAt;
    }

    /// <summary>A block of an earlier run is in force again.</summary>
    public void OnRestored() => Count(_blocks, (int)BlockOrigin.Restored);

    public void OnReleased(IPNetwork network, ReleaseReason reason)
    {
        Count(_releases, (int)reason);
        // While the firewall fails it may never hear of either.
        lock (_lock)
            _decided.Remove(network);
    }

    /// <summary>Many hosts guess together.</summary>
    public void OnAlarm() => Interlocked.Increment(ref _alarms);

    public void OnSessionEnded(SessionEnd means) => Count(_ended, (int)means);

    /// <summary>A call to the firewall has ended.</summary>
    /// <param name="call">Which.</param>
    /// <param name="start">When it began (<see cref="Now"/>).</param>
    /// <param name="failed">Whether it failed.</param>
    public void OnFirewallCall(FirewallCall call, long start, bool failed)
    {
        Instruments?.FirewallCalls.Record(time.GetElapsedTime(start).TotalSeconds, EngineInstruments.Tag(call));
        if (failed)
            Count(_failures, (int)call);
    }

    /// <summary>The firewall has put a network where it was wanted.</summary>
    /// <param name="network">The network.</param>
    /// <param name="isBlocked">Whether its packets are dropped now.</param>
    public void InForce(IPNetwork network, bool isBlocked)
    {
        long readAt;
        lock (_lock)
        {
            if (!_decided.Remove(network, out readAt))
                return;
        }

        if (isBlocked)
            Instruments?.Reactions.Record(time.GetElapsedTime(readAt).TotalSeconds);
    }

    public long Now() => time.GetTimestamp();

    public long Alarms => Interlocked.Read(ref _alarms);

    public long Blocks(BlockOrigin origin) => Interlocked.Read(ref _blocks[(int)origin]);

    public long Releases(ReleaseReason reason) => Interlocked.Read(ref _releases[(int)reason]);

    public long Ended(SessionEnd means) => Interlocked.Read(ref _ended[(int)means]);

    public long Failures(FirewallCall call) => Interlocked.Read(ref _failures[(int)call]);

    /// <summary>A part of somebody else's may hand out a number that has no name.</summary>
    private static void Count(long[] counts, int at)
    {
        if ((uint)at < (uint)counts.Length)
            Interlocked.Increment(ref counts[at]);
    }
}
