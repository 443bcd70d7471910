using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BlockSmtp.Logs;

/// <summary>A place in a log file, which finds the file again whatever it is called by then.</summary>
/// <param name="Path">The name under which it is followed.</param>
/// <param name="Identity">Which file it is.</param>
/// <param name="Offset">How far it was read, in bytes: the end of a whole line.</param>
/// <param name="Head">What tells its first line from others; <see cref="FileHead.Unknown"/> where none was read.</param>
internal sealed record FilePosition(string Path, FileIdentity Identity, long Offset, string Head)
{
    private const string Form = "file1";

    /// <summary>The beginning of whatever file there will be.</summary>
    public static FilePosition BeginningOf(string path) => new(path, default, 0, FileHead.Unknown);

    public static bool TryParse(string text, [NotNullWhen(true)] out FilePosition? position)
    {
        position = null;
        if (text.Split(' ', 7) is not [Form, var major, var minor, var inode, var offset, var head, var path]
            || !uint.TryParse(major, CultureInfo.InvariantCulture, out var deviceMajor)
            || !uint.TryParse(minor, CultureInfo.InvariantCulture, out var deviceMinor)
            || !ulong.TryParse(inode, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            return false;
        }
        position = new(path, new(deviceMajor, deviceMinor, number), bytes, head);
        return true;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Form} {Identity.DeviceMajor} {Identity.DeviceMinor} {Identity.Inode} {Offset} {Head} {Path}");
}
