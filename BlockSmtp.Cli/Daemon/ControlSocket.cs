using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using BlockSmtp.Control;
using BlockSmtp.Sqlite;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Has the daemon listen for commands.</summary>
internal static class ControlSocket
{
    public static void Start(
        DaemonSettings settings,
        DetectionEngine engine,
        EngineActivity activity,
        Reload reload,
        ILogSource source,
        Func<string> firewall,
        PutAwayList parts,
        ILogger logger)
    {
        if (settings.ControlSocket is not { } path)
            return;
        var options = new ControlServerOptions
        {
            Path = path,
            Group = settings.ControlGroup,
            Daemon = new DaemonDescription
            {
                Version = CommandLineReader.Version,
                ProcessId = Environment.ProcessId,
                Log = LogChoice.NameOf(source, settings),
                Firewall = firewall(),
            },
            FirewallNow = firewall,
            BlockTime = () => reload.Current.Policy.Count.BlockTime,
            Activity = activity,
            Log = LogChoice.ProgressOf(source),
            History = settings.StateDirectory is { } directory ? new SqliteBlockHistory(directory) : null,
            Settings = () => SettingsInForce.Of(reload),
            Reload = reload.Run,
        };
        try
        {
            parts.Keep(ControlServer.Start(engine, options, logger));
        }
        catch (ControlException e) when (settings.Verb.ControlSocket is null)
        {
            // Nobody has asked for it: blocking goes on without.
            logger.NoControlSocket(e.Message);
        }
        catch (ControlException e)
        {
            throw CommandException.Of(
                "control-socket", e.Code == ControlErrorCode.NotPermitted ? ExitCode.NoPermission : ExitCode.Unavailable, e.Message);
        }
    }
}
