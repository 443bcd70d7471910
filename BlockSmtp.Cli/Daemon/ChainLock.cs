using BlockSmtp.Cli.Logging;
using Microsoft.Extensions.Logging;

#pragma warning disable CA1416 // All of this program is for Linux.

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// Keeps a second daemon from the same chain or table, which would take the first one's rules for leftovers of a crash. A file in a directory of root's, held with flock(2):
/// nobody else can open it, so nobody else can hold it, and the lock goes with its process.
/// </summary>
internal static class ChainLock
{
    private const int WouldBlock = 11; // EWOULDBLOCK

    /// <param name="name">What no other lock is called.</param>
    /// <param name="what">What is in use, in words.</param>
    /// <param name="instead">What to name instead, and how.</param>
    /// <param name="logger">Is told when there can be no lock.</param>
    /// <returns>The lock; null when there can be none, on a machine without <c>/run</c>, say.</returns>
    /// <exception cref="CommandException">Another daemon has it.</exception>
    public static IDisposable? Take(string name, string what, string instead, ILogger logger)
    {
        var path = RunFile.Of(name + ".lock");
        try
        {
            Directory.CreateDirectory(RunFile.Directory);
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            throw new CommandException(ExitCode.Unavailable, $"another blocksmtp uses {what}: stop it, or name {instead}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is no reason to guard nobody.
            logger.LockNotTaken(what, FileFailure.Describe(path, e));
            return null;
        }
    }
}
