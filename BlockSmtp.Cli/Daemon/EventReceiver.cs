using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Hooks;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Whom <c>--on-event</c> names.</summary>
internal static class EventReceiver
{
    private const string Socket = "unix:";

    // sun_path of unix(7), with the zero at its end.
    private const int LongestSocket = 107;

    private const UnixFileMode Runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="CommandException">It cannot be used.</exception>
    public static IEventReceiver? Of(string option, string? text)
    {
        if (text is null)
            return null;
        var isSocket = text.StartsWith(Socket, StringComparison.Ordinal);
        var path = isSocket ? text[Socket.Length..] : text;
        if (!path.StartsWith('/') || path.Contains('\0') || (isSocket && System.Text.Encoding.UTF8.GetByteCount(path) > LongestSocket))
            throw CommandException.BadValue(
                option,
                text,
                "a program with its whole path such as /etc/blocksmtp/on-event, nor a socket such as unix:/run/blocksmtp-event.sock");
        return isSocket ? new EventSocket(path) : new EventProgram(Usable(option, path));
    }

    private static string Usable(string option, string path)
    {
        if (!File.Exists(path))
            throw CommandException.Of(option, ExitCode.NoInput, $"'{path}' is no file");
        // Whoever may write it runs what he likes with the rights of the daemon.
        if (FileTrust.WhyNot(path) is { } reason)
            throw CommandException.Of(option, ExitCode.Config, reason);
        if (OperatingSystem.IsLinux() && (File.GetUnixFileMode(path) & Runs) == 0)
            throw CommandException.Of(option, ExitCode.Config, $"'{path}' may not be run: chmod +x {path}");
        return path;
    }
}
