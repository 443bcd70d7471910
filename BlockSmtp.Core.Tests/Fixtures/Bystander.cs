using System.Diagnostics;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A process of the same user that does nothing, and that nobody should do anything to.</summary>
internal sealed class Bystander : IDisposable
{
    private readonly Process _process = Process.Start("sleep", "3600");

    public int ProcessId => _process.Id;

    public bool IsAlive => !_process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
