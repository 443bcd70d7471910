using System.Globalization;
using System.Runtime.InteropServices;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Pages of the program and its libraries that are in memory since the start needed them: nearly all, as the kernel maps sixteen with each
/// that is asked for, and most are never needed again. Those that are come back from the kernel's cache.
/// </summary>
internal static unsafe partial class FilePages
{
    // MADV_DONTNEED, madvise(2).
    private const int DontNeed = 4;

    /// <summary>Gives back what is as it is in a file, and may not be written: to the rest nothing happens.</summary>
    public static void Release()
    {
        try
        {
            var range = (Start: 0UL, Length: 0UL);
            // Read to its end first: what is released is not read meanwhile.
            foreach (var line in File.ReadAllLines("/proc/self/smaps"))
            {
                if (!char.IsAsciiLetterUpper(line[0]))
                    range = RangeOf(line);
                // What the loader has written before it took the right to (relocations) is in no file.
                else if (range.Length > 0
                    && line.StartsWith("Anonymous:", StringComparison.Ordinal)
                    && line.EndsWith(" 0 kB", StringComparison.Ordinal))
                    _ = Advise((void*)range.Start, (nuint)range.Length, DontNeed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it needs some memory more.
        }
    }

    /// <summary>
    /// Reads <c>55d0c1a2b000-55d0c1b3e000 r-xp 00019000 fe:00 4711 /usr/sbin/blocksmtp</c>; nothing where it is no file, or may be written.
    /// </summary>
    private static (ulong Start, ulong Length) RangeOf(string line)
    {
        if (line.Split(' ', 6) is not [var places, ['r', '-', _, 'p'], .., var file] || !file.TrimStart().StartsWith('/'))
            return default;
        var dash = places.IndexOf('-', StringComparison.Ordinal);
        var start = ulong.Parse(places.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (start, ulong.Parse(places.AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
