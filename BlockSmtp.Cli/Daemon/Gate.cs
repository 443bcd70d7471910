using BlockSmtp.Milter;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Has the mail server ask the daemon, if so wished.</summary>
internal static class Gate
{
    public static void Start(DaemonSettings settings, DetectionEngine engine, PutAwayList parts, ILogger logger)
    {
        if (settings.Gate is not { } options)
            return;
        try
        {
            parts.Keep(MailGate.Start(engine, options, logger: logger));
        }
        catch (MilterException e)
        {
            throw CommandException.Of("milter", e.IsForbidden ? ExitCode.NoPermission : ExitCode.Unavailable, e.Message);
        }
    }
}
