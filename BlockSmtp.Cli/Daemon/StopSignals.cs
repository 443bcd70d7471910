using System.Runtime.InteropServices;

namespace BlockSmtp.Cli.Daemon;

/// <summary>SIGTERM and SIGINT ask for an orderly stop.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>What is done before anybody hears that it is to stop.</summary>
    public Action? Before { get; set; }

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Before?.Invoke();
        _stop.Cancel();
    }
}
