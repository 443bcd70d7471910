namespace BlockSmtp.Cli;

/// <summary>Writes a file so that whoever reads it sees the old one or the new one, whole: beside it, then over it.</summary>
internal static class AtomicFile
{
    // EROFS, errno(3).
    private const int ReadOnlyFileSystem = 30;

    /// <summary>Writes the file anew.</summary>
    /// <param name="path">The file; where it is a link, what it leads to. What is no file (a pipe, a terminal) is just written to.</param>
    /// <param name="mode">Who may read it; null for whom the umask lets.</param>
    /// <param name="lasts">
    /// Whether it is on the disk when this returns. Without that a loss of power may leave an empty file: enough for what is written anew
    /// in a moment, and each time would cost the disk a write.
    /// </param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">It could not be written; the old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old one is as it was.</exception>
    public static void Write(string path, UnixFileMode? mode, bool lasts, Action<Stream> write)
    {
        var target = TargetOf(path);
        using (var stream = OpenIfNoFile(target))
        {
            if (stream is not null)
            {
                write(stream);
                return;
            }
        }

        var beside = BesideOf(target);
        try
        {
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                if (mode is { } right && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file.SafeFileHandle, right);
                write(file);
                file.Flush(flushToDisk: lasts);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Tries whether a file can be written, and leaves it as it is.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Try(string path)
    {
        var target = TargetOf(path);
        if (target.StartsWith("/dev/", StringComparison.Ordinal))
            return;
        var beside = BesideOf(target);
        new FileStream(beside, FileMode.CreateNew, FileAccess.Write).Dispose();
        File.Delete(beside);
    }

    /// <summary>Says why a file could not be written, for the user, with the code for it.</summary>
    public static CommandException Failed(string option, string path, Exception failure) => failure is UnauthorizedAccessException
        ? new CommandException(
            ExitCode.NoPermission, $"--{option}: '{path}' cannot be written: permission denied, name a file where you may write")
        : new CommandException(ExitCode.IoError, $"--{option}: '{path}' cannot be written: {Reason(failure)}");

    private static string TargetOf(string path)
    {
        var target = new FileInfo(path).LinkTarget is null
            ? Path.GetFullPath(path)
            : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        return Directory.Exists(target) ? throw new IOException("it is a directory, name a file") : target;
    }

    private static string BesideOf(string target) => $"{target}.{Path.GetRandomFileName()}.tmp";

    /// <summary>A device or a pipe, which must not be replaced with a file; null for what is one, or is not there.</summary>
    private static FileStream? OpenIfNoFile(string target)
    {
        if (!File.Exists(target))
            return null;
        var stream = File.OpenWrite(target);
        if (!stream.CanSeek || target.StartsWith("/dev/", StringComparison.Ordinal))
            return stream;
        stream.Dispose();
        return null;
    }

    private static string Reason(Exception failure) => failure switch
    {
        DirectoryNotFoundException => "there is no such directory, make it first",
        IOException { HResult: ReadOnlyFileSystem } =>
            "the file system is read-only; in the sandbox of a service, open its directory (ReadWritePaths=, see docs/metrics.md)",
        _ => failure.Message,
    };
}
