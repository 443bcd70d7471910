using System.Globalization;

namespace BlockSmtp.Cli.Configuration;

/// <summary>
/// Whether others than root could write what a file says. Who may write the configuration or the white-list decides who is
/// blocked, so such a file is refused, as sshd refuses keys (StrictModes in sshd_config(5)).
/// </summary>
internal static class FileTrust
{
    private const int Sticky = 0x200;
    private const int GroupMayWrite = 0x10;
    private const int OthersMayWrite = 0x2;

    /// <summary>Looks at a file, and at the folders that it is in; one that does not exist is another's matter.</summary>
    /// <exception cref="CommandException">Somebody else may write it (78).</exception>
    public static void Require(string path)
    {
        if (WhyNot(path) is { } reason)
            throw new CommandException(ExitCode.Config, $"{path}: {reason}");
    }

    /// <returns>Null where only root may write it, and he who runs this program.</returns>
    public static string? WhyNot(string path)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path))
            return null;
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        if (Describe(target) is { } reason)
            return reason;
        return Folders(path).Concat(Folders(target)).Distinct().Select(Describe).FirstOrDefault(found => found is not null);
    }

    private static IEnumerable<string> Folders(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }

    private static string? Describe(string path)
    {
        if (FileOwner.Find(path) is not { } found)
            return null;
        // In a folder such as /tmp only the owner of a file may replace it.
        if (Directory.Exists(path) && (found.Mode & Sticky) != 0)
            return null;
        var own = FileOwner.Me;
        var mode = Convert.ToString(found.Mode & 0xFFF, 8);
        if (found.User != 0 && found.User != own)
            return string.Create(
                CultureInfo.InvariantCulture, $"'{path}' belongs to user {found.User}, who could change what it says: chown root {path}");
        if ((found.Mode & OthersMayWrite) != 0)
            return $"'{path}' may be written by anybody (mode {mode}): chmod go-w {path}";
        if ((found.Mode & GroupMayWrite) != 0 && found.Group != 0 && (own == 0 || found.Group != FileOwner.MyGroup))
            return string.Create(
                CultureInfo.InvariantCulture, $"'{path}' may be written by group {found.Group} (mode {mode}): chmod g-w {path}");
        return null;
    }
}
