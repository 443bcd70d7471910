using BlockSmtp.Blocking;
using BlockSmtp.Collections;

namespace BlockSmtp.Policies;

/// <summary>
/// Blocks a host that makes more than so many offenses within a sliding window. After a block it begins to count anew.
/// </summary>
/// <remarks>Remembers a bounded number of hosts, each with as many times as it takes to tell, and no more.</remarks>
public sealed class CountPolicy : IOffenderPolicy
{
    private readonly int _maxOffenses;
    private readonly TimeSpan _window;
    private readonly TimeSpan _blockTime;
    private readonly string _reason;
    private readonly AgingTable<HostKey, Times> _hosts;

    /// <summary>Makes a policy.</summary>
    /// <param name="options">How many are too many; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public CountPolicy(CountPolicyOptions? options = null)
    {
        options ??= new CountPolicyOptions();
        options.Validate();
        _maxOffenses = options.MaxOffenses;
        _window = options.Window;
        _blockTime = options.BlockTime;
        _reason = $"more than {_maxOffenses} wrong guesses within {DurationText.Show(_window)}";
        _hosts = new AgingTable<HostKey, Times>(options.MaxHosts);
    }

    /// <summary>The times of the latest offenses of a host, in ticks, as a ring.</summary>
    private struct Times
    {
        public long[] Ring;
        public int Oldest;
        public int Count;
    }

    /// <inheritdoc/>
    public Verdict Judge(in Offense offense)
    {
        var host = offense.Key;
        ref var times = ref _hosts.Touch(host, out _, out _);
        times.Ring ??= new long[Math.Min(_maxOffenses + 1, 4)];
        var now = offense.Time.UtcTicks;
        while (times.Count > 0 && now - times.Ring[times.Oldest] >= _window.Ticks)
            Forget(ref times);
        Remember(ref times, now);
        if (times.Count <= _maxOffenses)
            return Verdict.None;
        var offenses = times.Count;
        _hosts.Remove(host);
        return Verdict.Block(_blockTime, offenses, _reason);
    }

    private void Remember(ref Times times, long now)
    {
        if (times.Count == times.Ring.Length)
        {
            var more = new long[Math.Min(_maxOffenses + 1, times.Ring.Length * 2)];
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
