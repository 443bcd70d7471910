using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Tells how the daemon is doing.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(StatusVerb verb)
    {
        var status = await DaemonRequest.AskAsync(verb, client => client.GetStatusAsync());
        if (verb.Json)
            StatusPage.WriteJson(status);
        else
            StatusPage.Write(Console.Out, status);
        return ExitCode.Ok;
    }
}
