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

    /// <summary>The times of the latest offenses of a host, in ticks, as a ring.</summary>
    private struct Times
    {
        public long[] Ring;
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
        times.Ring ??= new long[Math.Min(limits.MaxOffenses + 1, 4)];
        var now = offense.Time.UtcTicks;
        while (times.Count > 0 && now - times.Ring[times.Oldest] >= limits.Window.Ticks)
            Forget(ref times);
        Remember(ref times, now, limits.MaxOffenses + 1);
        if (times.Count <= limits.MaxOffenses)
            return Verdict.None;
        var offenses = times.Count;
        _hosts.Remove(host);
        return Verdict.Block(limits.BlockTime, offenses, limits.Reason);
    }

    private static void Remember(ref Times times, long now, int most)
    {
        if (times.Count == times.Ring.Length)
        {
            // The limit may have been higher: then there are more than it takes.
            var more = new long[Math.Max(times.Count + 1, Math.Min(most, times.Ring.Length * 2))];
            for (var i = 0; i < times.Count; i++)
                more[i] = times.Ring[(times.Oldest + i) % times.Ring.Length];
            (times.Ring, times.Oldest) = (more, 0);
        }

        times.Ring[(times.Oldest + times.Count) % times.Ring.Length] = now;
        times.Count++;
    }

    private static void Forget(ref Times times)
    {
        times.Oldest = (times.Oldest + 1) % times.Ring.Length;
        times.Count--;
    }
}
