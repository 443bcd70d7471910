using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Keeps a second daemon from the same chain or table, which would take the first one's rules for leftovers of a crash. A file in a
/// directory of root's, held with flock(2): nobody else can open it, so nobody else can hold it, and the lock goes with its process.
/// </summary>
internal static class ChainLock
{
    private const int WouldBlock = 11; // EWOULDBLOCK
    private const string Extension = ".lock";

    // Whoever sweeps holds a file for as long as it takes to delete it; a daemon holds its own for as long as it lives.
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // A daemon that a line has killed is started again at once, and looks into its file.
    private static readonly TimeSpan LineIsOld = TimeSpan.FromDays(1);

    /// <param name="name">What no other lock is called.</param>
    /// <param name="what">What is in use, in words.</param>
    /// <param name="instead">What to name instead, and how.</param>
    /// <param name="logger">Is told when there can be no lock.</param>
    /// <returns>The lock; null when there can be none, on a machine without <c>/run</c>, say.</returns>
    /// <exception cref="CommandException">Another daemon has it.</exception>
    public static IDisposable? Take(string name, string what, string instead, ILogger logger)
    {
        var path = RunFile.Of(name + Extension);
        try
        {
            Directory.CreateDirectory(RunFile.Directory);
            var taken = Take(path) ?? throw new CommandException(
                ExitCode.Unavailable,
                $"another blocksmtp uses {what}: stop it, or name {instead}; 'blocksmtp status' asks it how it is doing");
            Sweep(RunFile.Directory);
            return taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is no reason to guard nobody.
            logger.LockNotTaken(what, FileFailure.Describe(path, e));
            return null;
        }
    }

    /// <summary>Takes the lock of a file; null where another one has it.</summary>
    internal static FileStream? Take(string path)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (i > 0)
                Thread.Sleep(Pause);
            if (TryHold(path, FileMode.OpenOrCreate) is not { } held)
                continue;
            // What was deleted between opening and locking keeps nobody out: the next one makes a new file.
            if (!IsDeleted(held))
                return held;
            held.Dispose();
        }

        return null;
    }

    /// <summary>
    /// Deletes the files that nobody holds, with what is beside them: a network namespace gets a new number each time, so that what
    /// daemons leave in theirs would gather for as long as the machine is up.
    /// </summary>
    internal static void Sweep(string directory)
    {
        foreach (var path in Directory.GetFiles(directory, "*" + Extension))
        {
            try
            {
                using var held = TryHold(path, FileMode.Open);
                if (held is null || IsDeleted(held))
                    continue;
                File.Delete(path);
                var line = new FileInfo(Path.ChangeExtension(path, ".line"));
                if (line.Exists && DateTime.UtcNow - line.LastWriteTimeUtc > LineIsOld)
                    line.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else was first, or it stays where it is: neither keeps anybody from anything.
            }
        }
    }

    /// <summary>Opens and locks a file; null where somebody else holds it.</summary>
    private static FileStream? TryHold(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (mode != FileMode.Open)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
    }

    /// <summary>Whether an open file has no name any more, as the kernel shows it (proc(5), /proc/PID/fd).</summary>
    private static bool IsDeleted(FileStream file) =>
        new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}")
            .LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) == true;
}
