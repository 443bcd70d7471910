using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// The sockets that a service manager has opened for the daemon: sd_listen_fds_with_names(3), which is three words in the
/// environment and needs no library.
/// </summary>
internal sealed partial class HandedSockets
{
    // SD_LISTEN_FDS_START
    private const int First = 3;
    private const int Most = 1_024;
    private const int SetDescriptorFlags = 2, CloseOnExec = 1;

    private readonly string[] _names;

    private HandedSockets(string[] names) => _names = names;

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>Reads what is meant for this process; nothing where nobody has handed anything over.</summary>
    /// <param name="environment">Where the manager says what there is.</param>
    public static HandedSockets Of(Func<string, string?> environment)
    {
        if (environment("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(environment("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > Most)
            return new HandedSockets([]);
        var names = environment("LISTEN_FDNAMES")?.Split(':') ?? [];
        return new HandedSockets([.. Enumerable.Range(0, count).Select(i => i < names.Length ? names[i] : "")]);
    }

    public static HandedSockets FromEnvironment()
    {
        var handed = Of(Environment.GetEnvironmentVariable);
        // iptables and others that are started have no use for them.
        for (var i = 0; i < handed.Count; i++)
            _ = Control(First + i, SetDescriptorFlags, CloseOnExec);
        foreach (var name in new[] { "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES" })
            Environment.SetEnvironmentVariable(name, null);
        return handed;
    }

    /// <summary>The descriptor of that name, or the only one there is, whatever it is called; null where there is none.</summary>
    public int? Find(string name) =>
        Array.IndexOf(_names, name) is >= 0 and var found ? First + found : _names.Length == 1 ? First : null;

    /// <summary>Takes a socket; whoever takes it puts it away.</summary>
    /// <param name="name">FileDescriptorName of the manager's unit.</param>
    public Socket? Take(string name) =>
        Find(name) is { } descriptor ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)) : null;

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int value);
}
