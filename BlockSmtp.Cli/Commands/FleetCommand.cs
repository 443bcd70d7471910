using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Tells how the fleet is doing.</summary>
internal static class FleetCommand
{
    public static async Task<int> RunAsync(FleetVerb verb)
    {
        var status = await DaemonRequest.AskAsync(verb, client => client.GetStatusAsync());
        if (status.Engine.Fleet is not { } fleet)
            throw new CommandException(
                ExitCode.Unavailable, "this daemon is in no fleet: give it --fleet-group and start blocksmtp-fleet beside it");
        if (verb.Json)
            FleetPage.WriteJson(fleet);
        else
            FleetPage.Write(Console.Out, fleet);
        return fleet.Fleet.IsConnected ? ExitCode.Ok : ExitCode.Unavailable;
    }
}
