using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using BlockSmtp.Processes;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Commands;

/// <summary>Answers the daemon's questions for the mail server's processes until SIGTERM or SIGINT.</summary>
internal static class SessionsCommand
{
    public static async Task<int> RunAsync(SessionsVerb verb)
    {
        var processes = new SendmailProcessOptions
        {
            MailerAddresses = OptionValue.Addresses("mailer-ip", verb.MailerIps),
            MailerPorts = OptionValue.Ports("mailer-port", verb.MailerPort),
        };
        var path = OptionValue.Sessions("sessions", verb.Sessions);
        var handed = HandedSockets.FromEnvironment().Take("sessions");
        using var log = new LogOutput(debug: 0, toSyslog: false, showsUndo: false);
        using var stop = new StopSignals();
        using var server = handed is not null ? new SessionServer(handed, processes, log.Loggers.CreateLogger<SendmailReaper>())
            : path is not null ? Listen(path, processes, log.Loggers.CreateLogger<SendmailReaper>())
            : throw new CommandException(
                ExitCode.Usage, "sessions: nobody has handed over a socket: say where to listen with --sessions=unix:PATH");
        await server.RunAsync(stop.Token);
        return ExitCode.Ok;
    }

    private static SessionServer Listen(string path, SendmailProcessOptions processes, ILogger<SendmailReaper> logger)
    {
        try
        {
            return SessionServer.Listen(path, processes, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Of(
                "sessions",
                e is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.Unavailable,
                $"the socket '{path}' cannot be made: {e.Message}");
        }
    }
}
