using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BlockSmtp.Logs;

/// <summary>
/// Finds where lines end, many at a time: to search the next line feed anew for each line costs more than reading it,
/// for lines are short and no two as long.
/// </summary>
internal static class LineEnds
{
    // What one step looks at: as many bytes as a mask has bits.
    private const int StepLength = 64;

    /// <summary>Finds line feeds.</summary>
    /// <param name="text">What to look through.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="ends">Takes their places in <paramref name="text"/>; more than <see cref="StepLength"/> of them.</param>
    /// <param name="scanned">How far it has looked: all of the text, or nearly as far as there was room for line feeds.</param>
    /// <returns>How many there are.</returns>
    public static int Find(ReadOnlySpan<byte> text, int from, Span<int> ends, out int scanned)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        ref var place = ref MemoryMarshal.GetReference(ends);
        var (at, count) = (from, 0);
        var (lastStep, most) = (text.Length - StepLength, ends.Length - StepLength);
        // All found by one step always fit.
        while (at <= lastStep && count <= most)
        {
            var found = LineFeeds(ref first, (nuint)(uint)at);
            // Seldom are there two in one step, and whether there is one cannot be foretold: the place is noted in any case.
            Unsafe.Add(ref place, (nuint)(uint)count) = at + Lowest(found);
            count += found != 0 ? 1 : 0;
            for (found &= found - 1; found != 0; found &= found - 1)
                Unsafe.Add(ref place, (nuint)(uint)count++) = at + Lowest(found);
            at += StepLength;
        }

        if (text.Length - at < StepLength)
        {
            for (; at < text.Length && count < ends.Length; at++)
            {
                if (text[at] == '\n')
                    ends[count++] = at;
            }
        }

        scanned = at;
        return count;
    }

    /// <summary>
    /// The place of the lowest bit that is set; anything for none. Older processors have no instruction for it that takes a zero, so there
    /// is a branch before it: with the highest bit set it always goes one way.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lowest(ulong bits) => BitOperations.TrailingZeroCount(bits | (1ul << (StepLength - 1)));

    /// <summary>Which of the bytes from <paramref name="at"/> on are line feeds, the first one in the lowest bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LineFeeds(ref byte text, nuint at)
    {
        if (Avx2.IsSupported)
        {
            var wide = Vector256.Create((byte)'\n');
            return Vector256.Equals(Vector256.LoadUnsafe(ref text, at), wide).ExtractMostSignificantBits() |
                ((ulong)Vector256.Equals(Vector256.LoadUnsafe(ref text, at + 32), wide).ExtractMostSignificantBits() << 32);
        }

        var lineFeed = Vector128.Create((byte)'\n');
        return Half(ref text, at, lineFeed) | ((ulong)Half(ref text, at + 32, lineFeed) << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Half(ref byte text, nuint at, Vector128<byte> lineFeed) =>
        Vector128.Equals(Vector128.LoadUnsafe(ref text, at), lineFeed).ExtractMostSignificantBits() |
            (Vector128.Equals(Vector128.LoadUnsafe(ref text, at + 16), lineFeed).ExtractMostSignificantBits() << 16);
}
