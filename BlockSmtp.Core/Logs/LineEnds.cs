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

    // A sequence in which each run of 6 bits comes once, and how far it was shifted for each of them to be at its top.
    private const ulong DeBruijn = 0x03f79d71b4cb0a89;

    private static ReadOnlySpan<byte> Places =>
    [
        0, 1, 48, 2, 57, 49, 28, 3, 61, 58, 50, 42, 38, 29, 17, 4,
        62, 55, 59, 36, 53, 51, 43, 22, 45, 39, 33, 30, 24, 18, 12, 5,
        63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21, 44, 32, 23, 11,
        46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9, 13, 8, 7, 6,
    ];

    /// <summary>Finds line feeds.</summary>
    /// <param name="text">What to look through.</param>
    /// <param name="ends">Takes their places in <paramref name="text"/>; more than <see cref="StepLength"/> of them.</param>
    /// <param name="scanned">How far it has looked: all of the text, or nearly as far as there was room for line feeds.</param>
    /// <returns>How many there are.</returns>
    public static int Find(ReadOnlySpan<byte> text, Span<int> ends, out int scanned)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        ref var place = ref MemoryMarshal.GetReference(ends);
        var (at, count) = (0, 0);
        // All found by one step always fit.
        while (at <= text.Length - StepLength && count <= ends.Length - StepLength)
        {
            var found = LineFeeds(ref first, (nuint)at);
            // Seldom are there two in one step, and whether there is one cannot be foretold: the place is noted in any case.
            Unsafe.Add(ref place, count) = at + Lowest(found);
            count += found != 0 ? 1 : 0;
            for (found &= found - 1; found != 0; found &= found - 1)
                Unsafe.Add(ref place, count++) = at + Lowest(found);
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
    /// The place of the lowest bit that is set; anything for none. By a multiplication, which moves one of 64 different values of 6 bits to
    /// the top: older processors have no instruction for it that takes a zero, so that a branch would come before it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lowest(ulong bits) =>
        Unsafe.Add(ref MemoryMarshal.GetReference(Places), (nint)(((bits & (0 - bits)) * DeBruijn) >> 58));

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
        var found = 0ul;
        for (var part = 0; part < StepLength; part += 16)
            found |=
                (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref text, at + (nuint)part), lineFeed).ExtractMostSignificantBits() << part;
        return found;
    }
}
