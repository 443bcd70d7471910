using System.Net.Sockets;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Milter;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>Has the mail server ask the daemon, if so wished.</summary>
internal static class Gate
{
    // As packaging/systemd/blocksmtp-milter.socket has it.
    private const string Name = "milter";

    /// <param name="settings">Whether, and where.</param>
    /// <param name="handed">What the service manager has opened.</param>
    /// <param name="trial">Until when nobody is refused; null without a trial.</param>
    /// <param name="engine">Is told.</param>
    /// <param name="parts">Puts it away.</param>
    /// <param name="logger">Our own log.</param>
    public static void Start(
        DaemonSettings settings, HandedSockets handed, Trial? trial, DetectionEngine engine, PutAwayList parts, ILogger logger)
    {
        if (!settings.IsGateHandedOver && handed.Count > 0)
            logger.HandedSocketUnused();
        if (settings.Gate is not { } options)
            return;
        options.ReportsOnlyUntil = trial?.End ?? default;
        try
        {
            if (settings.IsGateHandedOver)
            {
                options.Listener = handed.Take(Name)
                    ?? throw CommandException.Of(
                        "milter",
                        ExitCode.Unavailable,
                        "systemd has handed no socket over: systemctl enable --now blocksmtp-milter.socket");
            }

            parts.Keep(MailGate.Start(engine, options, logger: logger));
        }
        catch (MilterException e)
        {
            throw CommandException.Of("milter", e.IsForbidden ? ExitCode.NoPermission : ExitCode.Unavailable, e.Message);
        }
        catch (SocketException e)
        {
            throw CommandException.Of("milter", ExitCode.Unavailable, $"what systemd has handed over is no socket: {e.Message}");
        }
    }
}
