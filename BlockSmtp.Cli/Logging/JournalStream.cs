using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Logging;

/// <summary>
/// Tells whether standard error goes to systemd's journal, which takes a priority in front of each line (sd-daemon(3)). The variable
/// JOURNAL_STREAM alone does not tell: a child whose output goes elsewhere inherits it (systemd.exec(5)).
/// </summary>
internal static unsafe partial class JournalStream
{
    private const int StandardError = 2;
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint Inode = 0x100;     // STATX_INO

    private static readonly bool IsJournal = Matches(Environment.GetEnvironmentVariable("JOURNAL_STREAM"));

    /// <summary>What to write in front of a line; nothing where no journal reads it.</summary>
    public static string Prefix(LogLevel level) => !IsJournal ? "" : level switch
    {
        LogLevel.Critical or LogLevel.Error => "<3>",
        LogLevel.Warning => "<4>",
        LogLevel.Information => "<6>",
        _ => "<7>",
    };

    /// <summary>The same with who says it, which the journal knows by itself.</summary>
    public static string Head(LogLevel level) => IsJournal ? Prefix(level) : "blocksmtp: ";

    private static bool Matches(string? stream)
    {
        StatX found;
        if (stream?.Split(':') is not [var device, var inode] || StatXNative(StandardError, "", EmptyPath, Inode, &found) != 0)
            return false;
        // makedev(3).
        var number = ((found.DeviceMajor & ~0xfffUL) << 32)
            | ((found.DeviceMajor & 0xfffUL) << 8)
            | ((found.DeviceMinor & ~0xffUL) << 12)
            | (found.DeviceMinor & 0xffUL);
        return device == number.ToString(CultureInfo.InvariantCulture) && inode == found.Inode.ToString(CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatXNative(int directory, string path, int flags, uint mask, StatX* found);

    /// <summary>struct statx of statx(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
