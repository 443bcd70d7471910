using System.Runtime.InteropServices;

namespace BlockSmtp.Logs;

/// <summary>Puts a system error about a log file into words: what is wrong, and how to mend it.</summary>
internal static class LogFileError
{
    /// <summary>Our own code for a thing that is neither a file nor a directory; the kernel's codes are positive.</summary>
    public const int NotAFile = -1;

    public static bool IsMissing(int error) => error is FileCalls.NotThere or FileCalls.NotADirectory;

    public static Exception For(string path, int error) => error switch
    {
        FileCalls.NotThere or FileCalls.NotADirectory =>
            new FileNotFoundException($"{path}: no such file: check the name", path),
        FileCalls.NoPermission or FileCalls.NotPermitted => new UnauthorizedAccessException(
            $"{path}: permission denied: run as root, or as a user in the group that may read the log (often adm)"),
        FileCalls.IsADirectory => new IOException($"{path}: is a directory: name the log file in it"),
        NotAFile => new IOException($"{path}: is not a regular file: name the file that syslogd writes the mail log to"),
        _ => new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}: check the file and its disk", error),
    };
}
