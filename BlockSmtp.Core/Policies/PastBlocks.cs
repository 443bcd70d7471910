using BlockSmtp.Clocks;

namespace BlockSmtp.Policies;

/// <summary>What is known of the blocks of a host; by default it had none.</summary>
internal struct PastBlocks
{
    // A block makes the next one longer for so long after it has ended.
    private static readonly long Remembered = TimeSpan.FromDays(30).Ticks;

    private uint _last;
    private uint _watchedUntil;
    private uint _forgivenAt;
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
        _marks = (IsWatched(time) ? Marks.WasWatched : 0) | (isForNames ? Marks.WasForNames : 0);
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

    /// <summary>It was so although the host has not delivered.</summary>
    public void Forgive(long time) => _forgivenAt = HalfSeconds.Of(time);

    /// <summary>Whether a wrong name at a time is one too many.</summary>
    public readonly bool IsWatched(long time) => HalfSeconds.Of(time) < _watchedUntil;

    /// <summary>Whether the host was forgiven after a time.</summary>
    public readonly bool WasForgiven(long since) => _forgivenAt > HalfSeconds.Of(since);

    // It has to be known again among those few of the host that were open at the same time.
    private static ushort MarkOf(ulong transaction) => (ushort)(((transaction ^ (transaction >> 32)) * 0x9E37_79B9_7F4A_7C15) >> 48);
}
