using System.Runtime.InteropServices;
using BlockSmtp.Cli.Logging;
using BlockSmtp.Cli.Options;
using Microsoft.Extensions.Logging;

namespace BlockSmtp.Cli.Daemon;

/// <summary>On SIGHUP, reads the white-list again; a bad one leaves the one in force.</summary>
internal sealed class Reload : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration _hangUp;
    private readonly DaemonSettings _settings;
    private readonly DetectionEngine _engine;
    private readonly ServiceNotice _notice;
    private readonly ILogger _logger;

    public Reload(DaemonSettings settings, DetectionEngine engine, ServiceNotice notice, ILogger logger)
    {
        (_settings, _engine, _notice, _logger) = (settings, engine, notice, logger);
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            Run();
        });
    }

    public void Dispose() => _hangUp.Dispose();

    private void Run()
    {
        // Signals are handled at the same time: what was read first must not be the last word.
        lock (_lock)
        {
            _notice.Reloading();
            try
            {
                _engine.UpdateWhiteList(OptionValue.LoadWhiteList(_settings.Verb.WhiteList));
            }
            catch (CommandException e)
            {
                _logger.ReloadFailed(e.Message);
            }

            _notice.Ready();
        }
    }
}
