using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BlockSmtp.Processes;

/// <summary>
/// What a process sleeps in, by /proc/PID/syscall (proc(5)): <c>270 0x9 0x7ffe5a9b7b00 0x0 …</c>, the number of the system
/// call and what it was given. sendmail waits for its client in pselect6(2) on the one descriptor (seen with 8.17), and in the
/// midst of a TLS record in read(2).
/// </summary>
internal static class BlockedCall
{
    private const int MaxLength = 256;

    // linux/unistd.h: read, recvfrom, recvmsg, and select, pselect6. What is waited for in poll(2) is in the memory of
    // the process, and stays unknown.
    private static readonly (int[] Reads, int[] Selects) Known =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ([63, 207, 212], [72]) : ([0, 45, 47], [23, 270]);

    /// <summary>
    /// The descriptor that the process waits to read from; -1 where it runs, waits for anything else, or the kernel does not tell.
    /// </summary>
    public static int WaitsToReadFrom(int processId)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        return Parse(ProcFile.ReadAll(processId, "syscall"u8, buffer));
    }

    /// <summary>The same of the file's text.</summary>
    public static int Parse(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out int call, out var length) || !TryTake(text[length..], out var first, out var rest))
            return -1;
        if (Known.Reads.AsSpan().Contains(call))
            return first <= int.MaxValue ? (int)first : -1;

        // One more than the highest descriptor, and where the set of those to read from is.
        return Known.Selects.AsSpan().Contains(call)
            && first is > 0 and <= int.MaxValue
            && TryTake(rest, out var readSet, out _)
            && readSet != 0
                ? (int)first - 1
                : -1;
    }

    private static bool TryTake(ReadOnlySpan<byte> text, out ulong value, out ReadOnlySpan<byte> rest)
    {
        value = 0;
        rest = default;
        if (!text.StartsWith(" 0x"u8))
            return false;
        text = text[3..];
        var end = text.IndexOfAny((byte)' ', (byte)'\n');
        rest = end < 0 ? default : text[end..];
        return ulong.TryParse(end < 0 ? text : text[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
