namespace BlockSmtp.Control;

/// <summary>How a daemon is doing.</summary>
/// <param name="Daemon">What it is.</param>
/// <param name="Engine">How its engine does.</param>
public sealed record DaemonStatus(DaemonDescription Daemon, EngineStatus Engine)
{
    /// <summary>How far the log was read; null where the source cannot say.</summary>
    public LogProgress? Log { get; init; }

    /// <summary>The options that were set, as text by their names, as far as the daemon tells them; null where it does not.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }
}
