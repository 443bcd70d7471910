using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Has the kernel keep the daemon and whatever it starts from signalling and from tracing any process but these: a daemon that has given
/// the right to end sessions away needs neither, and of root's processes root could otherwise end any (landlock(7)).
/// </summary>
internal static unsafe partial class Confinement
{
    // Who may send signals is among it from Linux 6.12 on, which is the sixth version.
    private const int LeastVersion = 6;
    private const int AskForVersion = 1; // LANDLOCK_CREATE_RULESET_VERSION
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int SetName = 15; // PR_SET_NAME
    private const int CreateRuleset = 444;
    private const int RestrictSelf = 446;

    // The number of the process that is confined, which stays when it begins anew; whom it starts has another.
    private const string Mark = "CONFINED_BLOCKSMTP";

    /// <summary>
    /// Confines this process, once. What is restricted is one thread with those that it starts, and .NET has several by now: so the program
    /// begins anew, in the same process. Does nothing where the kernel has no such thing.
    /// </summary>
    public static void Enter()
    {
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        if (Environment.GetEnvironmentVariable(Mark) == process)
        {
            TakeName();
            return;
        }

        if (Call(CreateRuleset, 0, 0, AskForVersion) < LeastVersion)
            return;
        var rules = new Ruleset { Scoped = Ruleset.Signals };
        var descriptor = Call(CreateRuleset, (nint)(&rules), sizeof(Ruleset), 0);
        if (descriptor < 0 || Control(NoNewPrivileges, 1, 0, 0, 0) != 0 || Call(RestrictSelf, descriptor, 0, 0) != 0)
            return;
        _ = Close((int)descriptor);
        BeginAnew(process);
    }

    /// <summary>
    /// Whoever looks for it with ps(1) or pgrep(1) looks for the program's name; begun anew it has that of <c>/proc/self/exe</c>. The
    /// name of a process is that of its first thread, on which the program begins. (The unit lets nobody write to <c>/proc/self/comm</c>.)
    /// </summary>
    private static void TakeName()
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(Path.GetFileName(Environment.ProcessPath) + "\0"))
            _ = Control(SetName, (nuint)name, 0, 0, 0);
    }

    private static void BeginAnew(string process)
    {
        var words = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).TrimEnd('\0').Split('\0');
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(pair => (string)pair.Key != Mark).Select(pair => $"{pair.Key}={pair.Value}").Append($"{Mark}={process}");

        // Returns only where it fails.
        _ = Execute("/proc/self/exe", [.. words, null], [.. variables, null]);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string path, string?[] words, string?[] variables);

    /// <summary>struct landlock_ruleset_attr (linux/landlock.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Ruleset
    {
        public const ulong Signals = 2; // LANDLOCK_SCOPE_SIGNAL

        public ulong Files;
        public ulong Network;
        public ulong Scoped;
    }
}
