using BlockSmtp.Clocks;

namespace BlockSmtp.Policies;

/// <summary>What is known of a host that has been blocked.</summary>
internal sealed class PastBlocks
{
    // A block makes the next one longer for so long after it has ended.
    private static readonly long Remembered = TimeSpan.FromDays(30).Ticks;

    private uint _last;
    private uint _watchedUntil;
    private uint _forgivenAt;
    private int _count;

    /// <summary>The transaction of the last block; 0 for none.</summary>
    public ulong Transaction { get; private set; }

    /// <summary>The host is blocked at a time, and watched until another.</summary>
    public void Add(long time, long watchedUntil, ulong transaction)
    {
        (_count, Transaction) = (CountAt(time) + 1, transaction);
        (_last, _watchedUntil) = (HalfSeconds.Of(time), HalfSeconds.Of(watchedUntil));
    }

    /// <summary>How many earlier blocks make one at this time longer.</summary>
    public int CountAt(long time) => time - HalfSeconds.ToTicks(_last) > Remembered ? 0 : _count;

    /// <summary>The last block was unfounded, or somebody has had the host released.</summary>
    public void TakeBack() => (_count, _watchedUntil) = (Math.Max(0, _count - 1), 0);

    /// <summary>It was so although the host has not delivered.</summary>
    public void Forgive(long time) => _forgivenAt = HalfSeconds.Of(time);

    /// <summary>Whether a wrong name at a time is one too many.</summary>
    public bool IsWatched(long time) => HalfSeconds.Of(time) < _watchedUntil;

    /// <summary>Whether the host was forgiven after a time.</summary>
    public bool WasForgiven(long since) => _forgivenAt > HalfSeconds.Of(since);
}
