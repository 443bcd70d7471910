using System.Globalization;

namespace BlockSmtp.Logs;

/// <summary>
/// Finds the file in which an earlier run has left off, which may have been rotated since, and those that came between it
/// and the one that has the name now.
/// </summary>
internal static class LogResumption
{
    /// <returns>The files to read one after the other before the one that has the name, all open, the first at its place; none when it
    /// is not there any more.</returns>
    public static Queue<OpenLogFile> Find(FilePosition position)
    {
        var files = new Queue<OpenLogFile>();
        if (TryOpen(position.Path, position, needsIdentity: true) is { } same)
        {
            files.Enqueue(same);
            return files;
        }

        // A rename keeps the file, a copy (copytruncate) only what is in it.
        var ways = Rotated(position.Path);
        foreach (var (rotated, needsIdentity) in ways.Select(way => (way, true)).Concat(ways.Select(way => (way, false))))
        {
            var at = rotated.FindIndex(path => Keep(TryOpen(path, position, needsIdentity)));
            if (at < 0)
                continue;
            for (var newer = at - 1; newer >= 0; newer--)
            {
                if (OpenLogFile.TryOpen(rotated[newer], out var between) == 0)
                    files.Enqueue(between!);
            }
            break;
        }
        return files;

        bool Keep(OpenLogFile? file)
        {
            if (file is not null)
                files.Enqueue(file);
            return file is not null;
        }
    }

    private static OpenLogFile? TryOpen(string path, FilePosition position, bool needsIdentity)
    {
        // Without a first line there is only the file itself to know it by.
        var isKnown = position.Head != FileHead.Unknown || (needsIdentity && position.Identity != default);
        if (!isKnown || OpenLogFile.TryOpen(path, out var file) != 0)
            return null;
        if ((!needsIdentity || file!.Identity == position.Identity) && file!.TryGoTo(position))
            return file;
        file!.Dispose();
        return null;
    }

    /// <summary>
    /// What logrotate(8) has made of the log, the newest first, in each of the two ways in which it names files: <c>mail.log.1</c>, or
    /// <c>mail.log-20261124</c>. Packed ones are not read.
    /// </summary>
    private static List<string>[] Rotated(string path)
    {
        try
        {
            var log = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            var (directory, name) = (Path.GetDirectoryName(log)!, Path.GetFileName(log));
            var names = Directory.EnumerateFiles(directory, name + "*")
                .Select(found => Path.GetFileName(found)[name.Length..])
                .Where(end => end.Length > 1)
                .ToList();
            var numbered =
                names.Where(end => end[0] == '.' && int.TryParse(end.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    .OrderBy(end => int.Parse(end.AsSpan(1), CultureInfo.InvariantCulture));
            var dated = names.Where(end => end[0] == '-' && end.All(letter => char.IsAsciiDigit(letter) || letter is '-' or '_'))
                .OrderDescending(StringComparer.Ordinal);
            return [.. new[] { numbered, dated }.Select(way => way.Select(end => Path.Combine(directory, name + end)).ToList())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
