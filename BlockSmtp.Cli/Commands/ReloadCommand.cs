using System.Globalization;
using System.Runtime.InteropServices;
using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Options;
using BlockSmtp.Control;

namespace BlockSmtp.Cli.Commands;

/// <summary>Has the daemon read its configuration again.</summary>
internal static partial class ReloadCommand
{
    private const int HangUp = 1; // SIGHUP

    public static async Task<int> RunAsync(ReloadVerb verb)
    {
        var report = await DaemonRequest.AskOrAsync<ReloadReport?>(verb, async client => await client.ReloadAsync(), () =>
            Task.FromResult(Signal(verb)));
        if (report is null)
            return ExitCode.Ok;
        Console.Out.WriteLine(report.Changed.Count > 0 ? $"changed: {string.Join(", ", report.Changed)}" : "no option has changed");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"white-list: {report.TrustedNetworks:N0} networks"));
        if (report.NeedsRestart.Count > 0)
            Console.Out.WriteLine($"cannot change while the daemon runs, restart it: {string.Join(", ", report.NeedsRestart)}");
        return ExitCode.Ok;
    }

    /// <summary>
    /// A daemon without a socket has a signal, and its service manager says who it is. What it would refuse is said here, where somebody
    /// hears it.
    /// </summary>
    private static ReloadReport? Signal(ReloadVerb verb)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("MAINPID"), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            throw new CommandException(
                ExitCode.Unavailable,
                    $"no daemon listens on '{DaemonRequest.PathOf(verb)}': is it running, and with this --control-socket?");
        var daemon = (DaemonVerb)CommandLineReader.Read(verb.Config is { } file ? [$"--config={file}"] : []);
        try
        {
            DaemonSettings.Of(daemon);
        }
        catch (CommandException e)
        {
            throw daemon.Locate(e);
        }

        if (Kill(process, HangUp) != 0)
            throw new CommandException(
                ExitCode.Unavailable, $"the daemon, process {process}, cannot be told: {Marshal.GetLastPInvokeErrorMessage()}");
        Console.Out.WriteLine("the daemon has no control socket and was sent SIGHUP: its log tells what comes of it");
        return null;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
