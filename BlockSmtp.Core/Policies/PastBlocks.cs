using BlockSmtp.Clocks;

namespace BlockSmtp.Policies;

/// <summary>What is known of the blocks of a host; by default it had none.</summary>
internal struct PastBlocks
{
    // A block makes the next one longer for so long after it has ended.
    private static readonly long Remembered = TimeSpan.FromDays(30).Ticks;

    private uint _last;
    private uint _watchedUntil;
    private uint _excusedAt;
    private byte _count;
    private Marks _marks;
    private ushort _transaction;

    // There are very many hosts: a byte for all of them.
    [Flags]
    private enum Marks : byte
    {
        None = 0,
        WasWatched = 1,
        WasForNames = 2,
        WasForgiven = 4,
        WasLent = 8,
        Excuses = WasForgiven | WasLent,
    }

    /// <summary>Whether there was one.</summary>
    public readonly bool IsAny => _last != 0;

    /// <summary>The host is blocked at a time, and watched until another.</summary>
    /// <param name="time">The time.</param>
    /// <param name="watchedUntil">The other.</param>
    /// <param name="transaction">In which it is blocked; 0 for none.</param>
    /// <param name="isForNames">Whether it had tried too many of its own, as a server that bounces may have.</param>
    public void Add(long time, long watchedUntil, ulong transaction = 0, bool isForNames = false)
    {
        _marks = (_marks & Marks.Excuses) | (IsWatched(time) ? Marks.WasWatched : 0) | (isForNames ? Marks.WasForNames : 0);
        (_count, _transaction) = ((byte)Math.Min(CountAt(time) + 1, byte.MaxValue), MarkOf(transaction));
        (_last, _watchedUntil) = (HalfSeconds.Of(time), HalfSeconds.Of(watchedUntil));
    }

    /// <summary>Whether the last one was made in a transaction.</summary>
    public readonly bool WasFor(ulong transaction) => _transaction == MarkOf(transaction);

    /// <summary>Whether the last one was made for how many names the host had tried, and for nothing else.</summary>
    public readonly bool WasForNames => (_marks & Marks.WasForNames) != 0;

    /// <summary>How many earlier blocks make one at this time longer.</summary>
    public readonly int CountAt(long time) => time - HalfSeconds.ToTicks(_last) > Remembered ? 0 : _count;

    /// <summary>Whether the host was watched when the last one was made.</summary>
    public readonly bool WasWatched => (_marks & Marks.WasWatched) != 0;

    /// <summary>The last block was unfounded; whoever was watched before is watched on.</summary>
    public void TakeBack() => (_count, _watchedUntil) = ((byte)Math.Max(0, _count - 1), WasWatched ? _watchedUntil : 0);

    /// <summary>Somebody has had the host released: the last block is not held against it.</summary>
    public void Forget() => (_count, _watchedUntil) = ((byte)Math.Max(0, _count - 1), 0);

    /// <summary>It was so although nothing came of the transaction, in which nearly all of the recipients were right.</summary>
    /// <param name="time">When.</param>
    /// <param name="since">What was excused before that is forgotten.</param>
    public void Forgive(long time, long since) => Excuse(Marks.WasForgiven, time, since);

    /// <summary>The host was believed that a message will be delivered to all for whom it was taken.</summary>
    /// <inheritdoc cref="Forgive"/>
    public void Lend(long time, long since) => Excuse(Marks.WasLent, time, since);

    /// <summary>Whether a wrong name at a time is one too many.</summary>
    public readonly bool IsWatched(long time) => HalfSeconds.Of(time) < _watchedUntil;

    /// <summary>Whether the host was forgiven after a time.</summary>
    public readonly bool WasForgiven(long since) => Has(Marks.WasForgiven, since);

    /// <summary>Whether it was believed after a time.</summary>
    public readonly bool WasLent(long since) => Has(Marks.WasLent, since);

    private readonly bool Has(Marks excuse, long since) => (_marks & excuse) != 0 && _excusedAt > HalfSeconds.Of(since);

    // One after the other may be excused for both; the first tells until when.
    private void Excuse(Marks excuse, long time, long since)
    {
        if (_excusedAt <= HalfSeconds.Of(since))
        {
            _marks &= ~Marks.Excuses;
            _excusedAt = HalfSeconds.Of(time);
        }

        _marks |= excuse;
    }

    // It has to be known again among those few of the host that were open at the same time.
    private static ushort MarkOf(ulong transaction) => (ushort)(((transaction ^ (transaction >> 32)) * 0x9E37_79B9_7F4A_7C15) >> 48);
}
