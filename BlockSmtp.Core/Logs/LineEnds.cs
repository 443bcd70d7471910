using System.Numerics;
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
    /// <param name="ends">Takes their places in <paramref name="text"/>; more than <see cref="StepLength"/> of them.</param>
    /// <param name="scanned">How far it has looked: all of the text, or nearly as far as there was room for line feeds.</param>
    /// <returns>How many there are.</returns>
    public static int Find(ReadOnlySpan<byte> text, Span<int> ends, out int scanned)
    {
        ref var first = ref MemoryMarshal.GetReference(text);
        var (at, count) = (0, 0);
        // All found by one step always fit.
        while (at <= text.Length - StepLength && count <= ends.Length - StepLength)
        {
            var found = LineFeeds(ref first, (nuint)at);
            // Seldom are there two in one step, and whether there is one cannot be foretold: the place is noted in any case.
            ends[count] = at + BitOperations.TrailingZeroCount(found);
            count += found != 0 ? 1 : 0;
            for (found &= found - 1; found != 0; found &= found - 1)
                ends[count++] = at + BitOperations.TrailingZeroCount(found);
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

    /// <summary>Which of the bytes from <paramref name="at"/> on are line feeds, the first one in the lowest bit.</summary>
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
            found |= (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref text, at + (nuint)part), lineFeed).ExtractMostSignificantBits() << part;
        return found;
    }
}
