using System.Runtime.InteropServices;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Finds the id of a group by its name, as getgrnam(3) does.</summary>
internal static unsafe partial class UserGroup
{
    /// <returns>Null when there is none.</returns>
    public static uint? Find(string name)
    {
        var found = GetGroupByName(name);
        return found is null ? null : found->Id;
    }

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial Group* GetGroupByName(string name);

    /// <summary>struct group of getgrnam(3).</summary>
    private struct Group
    {
        public nint Name;
        public nint Password;
        public uint Id;
        public nint Members;
    }
}
