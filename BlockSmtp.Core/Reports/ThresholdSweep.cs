namespace BlockSmtp.Reports;

/// <summary>
/// Tries every limit from 1 to <see cref="Most"/> at once, for the price of little more than one. While a host is blocked its offenses
/// count for nothing, and afterwards counting begins anew: so what counts under a limit is always the latest offenses since some
/// point, and one memory of the latest times serves all limits.
/// </summary>
internal sealed class ThresholdSweep(TimeSpan window, TimeSpan blockTime)
{
    public const int Most = 20;

    private readonly long _window = window.Ticks;
    private readonly long _blockTime = blockTime.Ticks;
    private readonly long[] _answered = new long[Most];

    /// <summary>How many offenses were made while their host was not blocked, by the limit less one.</summary>
    public IReadOnlyList<long> Answered => _answered;

    /// <summary>What is known of a host.</summary>
    public struct Host
    {
        // The latest times, as a ring that grows to what the largest limit needs.
        private long[]? _times;

        // From which of its offenses on they count, and until when it is blocked, by the limit less one; null before the first block.
        private long[]? _countedFrom;
        private long[]? _until;
        private long _count;

        /// <summary>The limits under which it was blocked, as bits: the lowest is the limit 1.</summary>
        public ulong BlockedBy { get; private set; }

        /// <summary>Takes in an offense.</summary>
        /// <param name="sweep">The settings, and what is counted over all hosts.</param>
        /// <param name="time">When it happened, in ticks.</param>
        /// <param name="now">The clock of the decision, in ticks.</param>
        public void Offend(ThresholdSweep sweep, long time, long now)
        {
            Remember(time);
            for (var i = 0; i < Most; i++)
            {
                var limit = i + 1;
                if (_until is not null && _until[i] > now)
                {
                    _countedFrom![i] = _count;
                    continue;
                }

                sweep._answered[i]++;
                // One more than the limit: so far back must the offense be that still counts.
                var first = _count - 1 - limit;
                if (first < (_countedFrom?[i] ?? 0) || time - TimeOf(first) >= sweep._window)
                    continue;
                _countedFrom ??= new long[Most];
                _until ??= new long[Most];
                (_countedFrom[i], _until[i]) = (_count, now + sweep._blockTime);
                BlockedBy |= 1UL << i;
            }
        }

        private readonly long TimeOf(long index) => _times![index % _times.Length];

        private void Remember(long time)
        {
            _times ??= new long[4];
            if (_count == _times.Length && _times.Length <= Most)
            {
                var more = new long[Math.Min(Most + 1, _times.Length * 2)];
                _times.CopyTo(more, 0);
                _times = more;
            }

            _times[_count % _times.Length] = time;
            _count++;
        }
    }
}
