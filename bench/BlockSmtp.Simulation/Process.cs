namespace BlockSmtp.Simulation;

/// <summary>The life of one process: what it has called is not waited for any more when it is over.</summary>
internal sealed class Process : IDisposable
{
    private readonly CancellationTokenSource _death = new();

    public CancellationToken Death => _death.Token;

    public bool IsDead => _death.IsCancellationRequested;

    /// <summary>Whether it died of SIGKILL.</summary>
    public bool IsCrashed { get; private set; }

    public void Die(bool isCrash)
    {
        IsCrashed = isCrash;
        _death.Cancel();
    }

    public void Dispose() => _death.Dispose();
}
