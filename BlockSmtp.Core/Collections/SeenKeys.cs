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
    private const int SmallestSize = 8 * Ways;

    private readonly int _capacity;
    private ushort[] _keys;
    private int _added;

    /// <param name="capacity">How many are remembered at most; a power of two.</param>
    public SeenKeys(int capacity)
    {
        Debug.Assert(BitOperations.IsPow2(capacity) && capacity >= SmallestSize);
        _capacity = capacity;
        _keys = new ushort[SmallestSize];
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
        if (at < 0)
            OnAdded();
        return at < 0;
    }

    private void OnAdded()
    {
        if (++_added <= _keys.Length / 4 || _keys.Length == _capacity)
            return;
        // One more bit tells the group, which is not kept of those that are here: each is in both of the groups that it may belong to,
        // until others take its place there. There is room for those of eight such times.
        _keys = [.. _keys, .. _keys];
    }
}
