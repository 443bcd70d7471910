using System.Runtime.InteropServices;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Finds the id of a group or a user by its name, as getgrnam(3) and getpwnam(3) do.</summary>
internal static partial class UserGroup
{
    // struct group, struct passwd: two pointers, name and password, and then the id.
    private static readonly int IdOffset = 2 * nint.Size;

    /// <returns>Null when there is none.</returns>
    public static uint? Find(string name)
    {
        var found = GetGroupByName(name);
        return found == 0 ? null : (uint)Marshal.ReadInt32(found, IdOffset);
    }

    /// <returns>Null when there is none.</returns>
    public static uint? FindUser(string name)
    {
        var found = GetUserByName(name);
        return found == 0 ? null : (uint)Marshal.ReadInt32(found, IdOffset);
    }

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetUserByName(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetGroupByName(string name);
}
