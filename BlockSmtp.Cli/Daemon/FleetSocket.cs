using BlockSmtp.Cli.Configuration;
using BlockSmtp.Control;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Has the program listen to and tell the daemon that carries words between it and other hosts, if so wished.</summary>
internal static class FleetSocket
{
    public static void Start(DaemonSettings settings, DetectionEngine engine, PutAwayList parts, ILogger logger)
    {
        if (settings is not { Engine.Fleet: ControlFleet fleet, FleetSocket: { } path })
            return;
        var options = new ControlServerOptions
        {
            Path = path,
            Group = settings.FleetGroup,
            Fleet = fleet,
            MaxConnections = 8,
            Daemon = new DaemonDescription
            {
                Version = CommandLineReader.Version,
                ProcessId = Environment.ProcessId,
                Log = "",
                Firewall = "",
            },
        };
        try
        {
            parts.Keep(ControlServer.Start(engine, options, logger));
        }
        catch (ControlException e)
        {
            throw CommandException.Of(
                "fleet-socket", e.Code == ControlErrorCode.NotPermitted ? ExitCode.NoPermission : ExitCode.Unavailable, e.Message);
        }
    }
}
