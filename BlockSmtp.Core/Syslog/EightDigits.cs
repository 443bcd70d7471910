using System.Numerics;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Syslog;

/// <summary>Reads a short number at once, not digit by digit.</summary>
internal static class EightDigits
{
    /// <summary>Reads a number of at most seven digits that something else follows.</summary>
    /// <param name="text">The eight characters that begin with it, the first one in the lowest byte.</param>
    /// <param name="number">The number.</param>
    /// <returns>How many digits it has; 0 when it has none, or too many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ulong text, out int number)
    {
        // "20703]: " has its number in the lowest five bytes.
        var digits = text - 0x3030303030303030;
        // The high bit of each byte that is no digit; a borrow goes to bytes behind the first such one only.
        var others = ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
        if (others == 0)
        {
            number = 0;
            return 0;
        }

        var length = BitOperations.TrailingZeroCount(others) >> 3;
        number = length == 0 ? 0 : Value(digits << (8 * (sizeof(ulong) - length)));
        return length;
    }

    /// <summary>The number that eight digits make, the first one in the lowest byte: first pairs, then fours, then all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Value(ulong digits)
    {
        digits = (digits * 10) + (digits >> 8);
        return (int)((((digits & 0x000000FF000000FF) * (100 + (1000000ul << 32)))
            + (((digits >> 16) & 0x000000FF000000FF) * (1 + (10000ul << 32)))) >> 32);
    }
}
