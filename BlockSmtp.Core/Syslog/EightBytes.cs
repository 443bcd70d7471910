using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace BlockSmtp.Syslog;

/// <summary>Loads eight characters at once as a number, the first one in the lowest byte. Nobody looks whether they are there.</summary>
internal static class EightBytes
{
    /// <summary>The eight characters at a place.</summary>
    /// <param name="text">The first character of a text that has them.</param>
    /// <param name="at">The place.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong At(ref byte text, int at)
    {
        var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, (nuint)(uint)at));
        return BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes);
    }
}
