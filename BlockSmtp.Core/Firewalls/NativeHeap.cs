using System.Runtime.InteropServices;

namespace BlockSmtp.Firewalls;

/// <summary>
/// Memory that malloc keeps though it is free again. libnftables takes a kilobyte or two for each element of a call, and glibc would keep
/// the most that was ever needed, for good.
/// </summary>
internal static partial class NativeHeap
{
    /// <summary>Gives it back to the system; malloc_trim(3).</summary>
    public static void Trim()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has it, and needs it.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keep);
}
