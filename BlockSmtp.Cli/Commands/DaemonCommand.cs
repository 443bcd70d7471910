using System.Runtime.InteropServices;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using BlockSmtp.Firewalls;
using BlockSmtp.Logs;
using BlockSmtp.Processes;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Commands;

/// <summary>Runs the daemon: composes the library's sendmail and firewall parts, and stops on SIGTERM and SIGINT.</summary>
internal static class DaemonCommand
{
    private static readonly string[] UsualLogs = ["/var/log/mail.log", "/var/log/maillog", "/var/log/messages"];

    public static async Task<int> RunAsync(DaemonVerb verb)
    {
        // Everything that can be wrong with the options is said before anything is touched.
        var debug = OptionValue.Number("debug", verb.Debug, 0, 0, 9);
        var path = OptionValue.Path("syslog-msgs-file", verb.SyslogMsgsFile) ?? UsualLogs.FirstOrDefault(File.Exists) ?? UsualLogs[0];
        var addresses = OptionValue.Addresses("mailer-ip", verb.MailerIps);
        var ports = OptionValue.Ports("mailer-port", verb.MailerPort);
        var chain = OptionValue.Chain("iptables-chain-name", verb.IptablesChainName, ports);
        var table = OptionValue.Table("nftables-table-name", verb.NftablesTableName, ports);
        var kind = OptionValue.Firewall("firewall", verb.Firewall);
        var policy = DetectionSetup.Policy(verb);
        var options = new DetectionEngineOptions
        {
            MaxCmdRead = OptionValue.Duration("max-cmd-read", verb.MaxCmdRead, TimeSpan.FromMinutes(15), mayBeZero: true),
            KeepRules = verb.KeepRules,
            OwnAddresses = [.. addresses, .. LocalAddresses.All()],
        };
        options.Fill(verb);

        using var loggers = LogOutput.Create(debug, verb.DebugToSyslog);
        var logger = loggers.CreateLogger("blocksmtp");
        var choice = new FirewallChoice(chain, table, loggers);
        kind = verb.DryRun ? FirewallKind.None : await choice.ResolveAsync(kind);
        using var only = choice.Lock(kind);
        var processes = new SendmailProcessOptions { MailerAddresses = addresses, MailerPorts = ports };
        options.PeerLookup = new SendmailPeerLookup(processes);
        var firewall = verb.DryRun ? new DryRunFirewall(loggers.CreateLogger<DryRunFirewall>()) : choice.Make(kind);
        using var handle = firewall as IDisposable;
        var reaper = verb.DryRun ? null : new SendmailReaper(processes, logger: loggers.CreateLogger<SendmailReaper>());
        var source = new FileLogSource(new FileLogSourceOptions { Path = path, FromStart = verb.FromStart }, logger);
        var engine = new DetectionEngine(source, policy, firewall, reaper, options, logger: logger);

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var reloading = new Lock();
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            // Signals are handled at the same time: what was read first must not be the last word.
            lock (reloading)
                Reload(engine, verb.WhiteList, logger);
        });
        try
        {
            await engine.RunAsync(stop.Token);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CommandException(ExitCode.NoInput, e.Message);
        }

        return ExitCode.Ok;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Reads the white-list again; a bad one leaves the one in force.</summary>
    private static void Reload(DetectionEngine engine, string? path, ILogger logger)
    {
        try
        {
            engine.UpdateWhiteList(OptionValue.LoadWhiteList(path));
        }
        catch (CommandException e)
        {
            logger.ReloadFailed(e.Message);
        }
    }
}
