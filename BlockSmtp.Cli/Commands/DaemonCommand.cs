using BlockSmtp.Cli.Daemon;
using BlockSmtp.Cli.Hooks;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Metrics;
using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;
using BlockSmtp.Control;
using BlockSmtp.Firewalls;
using BlockSmtp.Processes;
using BlockSmtp.Sqlite;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Commands;

/// <summary>Runs the daemon: composes the library's parts around an engine, and stops on SIGTERM and SIGINT.</summary>
internal static class DaemonCommand
{
    public static async Task<int> RunAsync(DaemonVerb verb)
    {
        var settings = DaemonSettings.Of(verb);
        if (settings.Sessions is not null)
            Confinement.Enter();
        using var notice = ServiceNotice.FromEnvironment();
        try
        {
            return await RunAsync(verb, settings, notice);
        }
        catch (Exception e)
            when (e is FirewallException { Failure: FirewallFailure.Missing } or CommandException { ExitCode: ExitCode.Unavailable })
        {
            await FailedStarts.CountAsync(notice, e.Message);
            throw;
        }
    }

    private static async Task<int> RunAsync(DaemonVerb verb, DaemonSettings settings, ServiceNotice notice)
    {
        var handed = HandedSockets.FromEnvironment();
        using var log = new LogOutput(settings.Debug, verb.DebugToSyslog, showsUndo: settings.ControlSocket is not null);
        var loggers = log.Loggers;
        var logger = loggers.CreateLogger("blocksmtp");
        await using var parts = new PutAwayList();

        // What the engine stands on.
        var options = settings.Engine;
        var processes = new SendmailProcessOptions { MailerAddresses = settings.MailerAddresses, MailerPorts = settings.MailerPorts };
        var sessions = settings.Sessions is { } helper
            ? parts.Keep(new SessionClient(helper, logger: loggers.CreateLogger<SendmailReaper>()))
            : null;
        options.PeerLookup = sessions is not null ? sessions : new SendmailPeerLookup(processes);
        var policy = settings.Policy.Make();
        var (firewall, kind) = await MakeFirewallAsync(settings, loggers, parts);
        var trial = Trial.Begin(settings, policy);
        if (trial is not null)
            firewall = new TrialFirewall(firewall, trial.End, trial.Summarize, logger: loggers.CreateLogger<TrialFirewall>());

        if (settings.StateDirectory is { } directory)
            options.Store = parts.Keep(new SqliteBlockStore(
                new() { Directory = directory, KeepHistory = settings.KeepHistory }, logger: loggers.CreateLogger<SqliteBlockStore>()));
        IProcessReaper? reaper = verb.DryRun ? null
            : sessions is not null ? sessions
            : new SendmailReaper(processes, logger: loggers.CreateLogger<SendmailReaper>());
        if (reaper is not null && settings.PlaysAlong)
            reaper = new StuckSessionsOnly(reaper);
        if (reaper is not null && trial is not null)
            reaper = new TrialReaper(reaper, trial.End);
        var source = LogChoice.Make(settings, logger);

        var activity = new EngineActivity();
        var enforcedFrom = verb.DryRun ? DateTimeOffset.MaxValue : trial?.End ?? DateTimeOffset.MinValue;
        var hook = parts.Keep(EventHook.Start(settings.OnEvent, enforcedFrom, logger));
        options.Observer = Observers.Of(activity, trial, hook, options.Observer);
        var engine = new DetectionEngine(source, policy, firewall, reaper, options, logger: logger);

        // What stands beside it: made before the log is read, put away after it.
        var stop = parts.Keep(new StopSignals());
        parts.Keep(LocalAddresses.Follow(addresses => engine.UpdateOwnAddresses([.. settings.MailerAddresses, .. addresses])));
        var reload = parts.Keep(new Reload(settings, engine, policy, log, notice, logger));
        parts.Keep(NamesWatch.Start(settings, reload, logger));
        var mark = new RestartMark(reload, options, logger);
        mark.Forget();
        stop.Before = mark.Heed;
        parts.Keep(DeliveriesFile.Start(settings, policy, logger));
        await EarlierBlocks.TakeUpAsync(settings, policy, logger);
        parts.Keep(new Heartbeat(engine, notice, stop.Token));
        parts.Keep(new Housekeeping());
        string Firewall() => kind + TrialText.Of(trial?.End, DateTimeOffset.UtcNow);
        Daemon.ControlSocket.Start(settings, engine, activity, reload, source, Firewall, parts, logger);
        FleetSocket.Start(settings, engine, parts, logger);
        MetricsOutput.Start(settings, parts, logger);
        Gate.Start(settings, handed, trial, engine, parts, logger);
        try
        {
            await engine.RunAsync(stop.Token);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CommandException(ExitCode.NoInput, e.Message);
        }

        return ExitCode.Ok;
    }

    /// <summary>The firewall, with its rules kept from a second daemon.</summary>
    private static async Task<(IFirewall Firewall, string Kind)> MakeFirewallAsync(
        DaemonSettings settings, ILoggerFactory loggers, PutAwayList parts)
    {
        if (settings.Verb.DryRun)
            return (new DryRunFirewall(loggers.CreateLogger<DryRunFirewall>()), "none (dry run)");
        var choice = new FirewallChoice(settings.Chain, settings.Table, loggers);
        var kind = await choice.ResolveAsync(settings.Firewall);
        parts.Keep(choice.Lock(kind));
        // Without a state it begins behind what it died at anyway.
        if (settings.StateDirectory is not null && choice.RulesOf(kind) is { } rules)
            settings.Engine.LineFile = RunFile.Of(rules + ".line");
        return (parts.Keep(choice.Make(kind)), FirewallChoice.NameOf(kind));
    }
}
