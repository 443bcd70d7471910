namespace BlockSmtp.Logs;

/// <summary>What the sources of this room need to know of a file.</summary>
/// <param name="Identity">Which file it is.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Mode">Type and permissions, as in inode(7).</param>
internal readonly record struct FileStatus(FileIdentity Identity, long Size, int Mode)
{
    private const int TypeMask = 0xF000;

    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    public bool IsDirectory => (Mode & TypeMask) == 0x4000;
}
