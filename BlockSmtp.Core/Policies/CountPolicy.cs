using System.Runtime.CompilerServices;

namespace BlockSmtp.Policies;

/// <summary>
/// Blocks a host that makes more than so many offenses within a sliding window. After a block it begins to count anew.
/// </summary>
/// <remarks>Remembers a bounded number of hosts, each with as many times as it takes to tell, and no more.</remarks>
public sealed class CountPolicy : IOffenderPolicy
{
    private readonly HostTable<Times> _hosts;
    private volatile Limits _limits;

    /// <summary>Makes a policy.</summary>
    /// <param name="options">How many are too many; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public CountPolicy(CountPolicyOptions? options = null)
    {
        options ??= new CountPolicyOptions();
        options.Validate();
        _limits = Limits.Of(options);
        _hosts = new HostTable<Times>(options.MaxHosts);
    }

    /// <summary>What is too much, exchanged as a whole.</summary>
    private sealed record Limits(int MaxOffenses, TimeSpan Window, TimeSpan BlockTime, string Reason)
    {
        public static Limits Of(CountPolicyOptions options) => new(
            options.MaxOffenses,
            options.Window,
            options.BlockTime,
            $"more than {options.MaxOffenses} wrong guesses within {DurationText.Show(options.Window)}");
    }

    /// <summary>As many times as the usual limit takes.</summary>
    [InlineArray(4)]
    private struct Few
    {
        private long _first;
    }

    /// <summary>The times of the latest offenses of a host, in ticks, as a ring.</summary>
    private struct Times
    {
        public Few Few;

        // Of more than these; null until then.
        public long[]? Many;
        public int Oldest;
        public int Count;
    }

    /// <summary>
    /// Judges by other limits from the next offense on; what hosts have done so far still counts. May be called from any thread.
    /// </summary>
    /// <param name="options">The limits; <see cref="CountPolicyOptions.MaxHosts"/> stays as it was.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public void Update(CountPolicyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _limits = Limits.Of(options);
    }

    /// <inheritdoc/>
    public Verdict Judge(in Offense offense)
    {
        var limits = _limits;
        var host = offense.Key;
        ref var times = ref _hosts.Touch(host, out _, out _);
        var now = offense.Time.UtcTicks;
        while (times.Count > 0 && now - RingOf(ref times)[times.Oldest] >= limits.Window.Ticks)
            Forget(ref times);
        Remember(ref times, now, limits.MaxOffenses + 1);
        if (times.Count <= limits.MaxOffenses)
            return Verdict.None;
        var offenses = times.Count;
        _hosts.Remove(host);
        return Verdict.Block(limits.BlockTime, offenses, limits.Reason);
    }

    private static Span<long> RingOf(ref Times times) => times.Many is { } many ? many : times.Few;

    private static void Remember(ref Times times, long now, int most)
    {
        var ring = RingOf(ref times);
        if (times.Count == ring.Length)
        {
            // The limit may have been higher: then there are more than it takes.
            var more = new long[Math.Max(times.Count + 1, Math.Min(most, ring.Length * 2))];
            for (var i = 0; i < times.Count; i++)
                more[i] = ring[(times.Oldest + i) % ring.Length];
            (times.Many, times.Oldest) = (more, 0);
            ring = more;
        }

        ring[(times.Oldest + times.Count) % ring.Length] = now;
        times.Count++;
    }

    private static void Forget(ref Times times)
    {
        times.Oldest = (times.Oldest + 1) % RingOf(ref times).Length;
        times.Count--;
    }
}
