namespace BlockSmtp.Policies;

/// <summary>A wrong name that a host has tried, in eight bytes: of most hosts there is little else to remember.</summary>
/// <param name="mark">The name's (<see cref="MarkOf"/>).</param>
/// <param name="weight">What it is taken for.</param>
/// <param name="time">When it was tried first, in half seconds.</param>
internal struct TriedName(uint mark, NameWeight weight, uint time)
{
    private const uint WeightBits = 0b0111;
    private const uint SettledBit = 0b1000;
    private const uint MarkBits = ~(WeightBits | SettledBit);

    private uint _markAndWeight = mark | (uint)weight;

    /// <summary>When it was tried first, in half seconds.</summary>
    public readonly uint Time => time;

    /// <summary>By what it is told from the host's others; 0 for no name.</summary>
    public readonly uint Mark => _markAndWeight & MarkBits;

    /// <summary>What it is taken for.</summary>
    public NameWeight Weight
    {
        readonly get => (NameWeight)(_markAndWeight & WeightBits);
        set => _markAndWeight = (_markAndWeight & ~WeightBits) | (uint)value;
    }

    /// <summary>Whether a block was made of it, for which it weighs nothing any more.</summary>
    public readonly bool IsSettled => (_markAndWeight & SettledBit) != 0;

    /// <summary>A part of a name's key, in its upper 28 bits: they do to tell a few dozen apart.</summary>
    public static uint MarkOf(ulong key)
    {
        // Whoever reports an offense may number names as he likes.
        var mark = (uint)(((key ^ (key >> 32)) * 0x9E37_79B9_7F4A_7C15) >> 32) & MarkBits;
        return mark != 0 ? mark : MarkBits;
    }

    /// <summary>A block was made of it.</summary>
    public void Settle()
    {
        if (IsSettled)
            Weight = NameWeight.None;
        _markAndWeight |= SettledBit;
    }

    /// <summary>The last block was unfounded; of an earlier one's there is no weight left to give back.</summary>
    public void Unsettle()
    {
        if (Weight != NameWeight.None)
            _markAndWeight &= ~SettledBit;
    }

    /// <summary>It is remembered, and that is all.</summary>
    public void Forgive() => _markAndWeight &= MarkBits;
}
