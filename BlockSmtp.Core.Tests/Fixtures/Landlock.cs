using System.Runtime.InteropServices;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>What the kernel's Landlock can do (landlock(7)).</summary>
internal static partial class Landlock
{
    private const int CreateRuleset = 444;
    private const int AskForVersion = 1;

    public static bool ScopesSignals => Call(CreateRuleset, 0, 0, AskForVersion) >= 6;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third);
}
