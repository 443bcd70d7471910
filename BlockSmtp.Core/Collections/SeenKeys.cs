using System.Diagnostics;
using System.Numerics;

namespace BlockSmtp.Collections;

/// <summary>
/// Tells whether a key, a mixed number, was seen before. Bounded and small: it keeps 16 bits of each key, as many side by side as the processor takes from memory at a
/// time; in a full group the one goes that was not seen for the longest. Of two thousand new keys one is taken for an old one.
/// </summary>
internal sealed class SeenKeys
{
    private const int Ways = 32;

    private readonly ushort[] _keys;

    /// <param name="capacity">How many are remembered at most; a power of two.</param>
    public SeenKeys(int capacity)
    {
        Debug.Assert(BitOperations.IsPow2(capacity) && capacity >= Ways);
        _keys = new ushort[capacity];
    }

    /// <summary>Remembers a key. False when it was seen before.</summary>
    public bool Add(ulong key)
    {
        var group = _keys.AsSpan((int)(key >> 32) & (_keys.Length - Ways), Ways);
        // 0 stands for none.
        var mark = (ushort)Math.Max(1, (uint)(ushort)key);
        var at = group.IndexOf(mark);
        if (at == 0)
            return false;
        // The one that was seen last stands first.
        group[..(at < 0 ? Ways - 1 : at)].CopyTo(group[1..]);
        group[0] = mark;
        return at < 0;
    }
}
