using System.Globalization;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>Has the daemon read its configuration again.</summary>
internal static class ReloadCommand
{
    public static async Task<int> RunAsync(ReloadVerb verb)
    {
        var report = await DaemonRequest.AskAsync(verb, client => client.ReloadAsync());
        Console.Out.WriteLine(report.Changed.Count > 0 ? $"changed: {string.Join(", ", report.Changed)}" : "no option has changed");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"white-list: {report.TrustedNetworks:N0} networks"));
        if (report.NeedsRestart.Count > 0)
            Console.Out.WriteLine($"cannot change while the daemon runs, restart it: {string.Join(", ", report.NeedsRestart)}");
        return ExitCode.Ok;
    }
}
