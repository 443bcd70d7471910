using System.Runtime.InteropServices;
using BlockSmtp.Cli.Commands;
using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using BlockSmtp.Control;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// On SIGHUP and <c>blocksmtp reload</c>, reads the configuration and the white-list again: all of it, or nothing if anything in
/// them is wrong.
/// </summary>
internal sealed class Reload : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration _hangUp;
    private readonly DaemonSettings _started;
    private readonly DetectionEngine _engine;
    private readonly IOffenderPolicy _policy;
    private readonly LogOutput _log;
    private readonly ServiceNotice _notice;
    private readonly ILogger _logger;

    public Reload(
        DaemonSettings settings, DetectionEngine engine, IOffenderPolicy policy, LogOutput log, ServiceNotice notice, ILogger logger)
    {
        (_started, _engine, _policy, _log, _notice, _logger) = (settings, engine, policy, log, notice, logger);
        Current = settings;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp);
    }

    /// <summary>The settings that the daemon was started with.</summary>
    public DaemonSettings Started => _started;

    /// <summary>The settings in force.</summary>
    public DaemonSettings Current { get; private set; }

    /// <exception cref="ControlException">Something is wrong; what is in force stays.</exception>
    public ReloadReport Run()
    {
        // Signals and requests come at the same time: what was read first must not be the last word.
        lock (_lock)
        {
            _notice.Reloading();
            try
            {
                return Apply(Read());
            }
#pragma warning disable CA1031 // On a signal there is nobody to catch a defect of ours: what is in force stays, also then.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _logger.ReloadFailed(TextOf(e));
                throw new ControlException(ControlErrorCode.BadConfiguration, TextOf(e));
            }
            finally
            {
                _notice.Ready();
            }
        }
    }

    public void Dispose() => _hangUp.Dispose();

    /// <summary>Takes over what the names of the white-list stand for by now. The rest of it stays as it was read.</summary>
    public void TakeNames()
    {
        lock (_lock)
        {
            try
            {
                var names = TrustedByName.Load(Current.Verb.WhiteListNames, Current.NamesCache);
                var list = OptionValue.LoadWhiteList(Current.Verb.WhiteList).With(names.Networks);
                if (FileTrust.WhyNot(Current.NamesCache) is { } reason)
                    throw CommandException.Of("names-cache", ExitCode.Config, reason);
                _engine.UpdateWhiteList(list);
                _logger.NamesTaken(names.Networks.Count, names.Names);
            }
            catch (CommandException e)
            {
                _logger.NamesNotTaken(TextOf(e));
            }
        }
    }

    /// <summary>What a start with the configuration as it is now would refuse; null for nothing.</summary>
    public string? FindMistake()
    {
        try
        {
            Read();
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, a start would not get over it either.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return TextOf(e);
        }
    }

    private static string TextOf(Exception e) =>
        e is CommandException { Details: [_, ..] details } ? $"{e.Message} ({string.Join("; ", details)})" : e.Message;

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true;
        try
        {
            Run();
        }
        catch (ControlException)
        {
            // It stands in the log.
        }
    }

    private DaemonSettings Read()
    {
        var verb = (DaemonVerb)CommandLineReader.Read(_started.Verb.Arguments);
        try
        {
            return DaemonSettings.Of(verb);
        }
        catch (CommandException e)
        {
            throw verb.Locate(e);
        }
    }

    private ReloadReport Apply(DaemonSettings next)
    {
        var options = CommandTable.Default.Options;
        var changed = options.Where(option => option.IsReloadable && option.TextOf(next.Verb) != option.TextOf(Current.Verb))
            .Select(option => option.Name)
            .ToArray();
        var fixedOnes = options.Where(option => !option.IsReloadable && option.TextOf(next.Verb) != option.TextOf(_started.Verb))
            .Select(option => option.Name)
            .ToArray();
        next.Policy.Update(_policy);
        _engine.KeepOffenses = next.Engine.KeepOffenses;
        _engine.CountProbes = next.Engine.CountProbes;
        _engine.UpdateWhiteList(next.Engine.WhiteList);
        _log.Debug = next.Debug;
        Current = next;
        _logger.Reloaded(changed.Length > 0
            ? $"changed: {string.Join(", ", changed)}" : "no option has another value", next.Engine.WhiteList.Count);
        if (fixedOnes.Length > 0)
            _logger.NeedsRestart(string.Join(", ", fixedOnes));
        return new ReloadReport { Changed = changed, NeedsRestart = fixedOnes, TrustedNetworks = next.Engine.WhiteList.Count };
    }
}
