using System.Runtime.InteropServices;

namespace BlockSmtp.Cli.Configuration;

/// <summary>Who a file belongs to, and who may do what with it: .NET tells the mode of a file but not its owner.</summary>
/// <param name="User">The id of its owner.</param>
/// <param name="Group">The id of its group.</param>
/// <param name="Mode">st_mode of inode(7).</param>
internal readonly partial record struct FileOwner(uint User, uint Group, int Mode)
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint BasicStats = 0x7ff;     // STATX_BASIC_STATS

    public static uint Me => EffectiveUser();

    public static uint MyGroup => EffectiveGroup();

    /// <summary>Looks a file up, following symbolic links; null where there is none, or it cannot be seen.</summary>
    public static unsafe FileOwner? Find(string path)
    {
        StatX found;
        return StatXNative(CurrentDirectory, path, 0, BasicStats, &found) == 0 ? new(found.User, found.Group, found.Mode) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatXNative(int directory, string path, int flags, uint mask, StatX* found);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();

    /// <summary>struct statx of statx(2): the same on every architecture, unlike struct stat.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(20)] public uint User;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
    }
}
