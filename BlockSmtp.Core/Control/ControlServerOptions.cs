namespace BlockSmtp.Control;

/// <summary>How a <see cref="ControlServer"/> works.</summary>
public sealed class ControlServerOptions
{
    /// <summary>Where the daemon's own socket is unless it is told otherwise.</summary>
    public const string UsualPath = "/run/blocksmtp/control.sock";

    /// <summary>The socket to listen on, at most 100 bytes long. Its folder is made if need be. Default <see cref="UsualPath"/>.</summary>
    public string Path { get; set; } = UsualPath;

    /// <summary>The id of a group whose members may ask too. Default: null, only root and the user who runs this.</summary>
    public uint? Group { get; set; }

    /// <summary>What the daemon is; told to whoever asks for its status.</summary>
    public DaemonDescription Daemon { get; set; } = new() { Version = "", ProcessId = Environment.ProcessId, Log = "", Firewall = "" };

    /// <summary>
    /// What drops the packets now, in place of <see cref="DaemonDescription.Firewall"/>. Default: null, that does not change.
    /// </summary>
    internal Func<string>? FirewallNow { get; set; }

    /// <summary>What is blocked for when nobody says for how long. Default 3 hours.</summary>
    public Func<TimeSpan> BlockTime { get; set; } = static () => TimeSpan.FromHours(3);

    /// <summary>Earlier blocks. Default: null, there are none to tell of.</summary>
    public IBlockHistory? History { get; set; }

    /// <summary>What the engine did of late; it is the engine's observer. Default: null, nothing is told.</summary>
    public EngineActivity? Activity { get; set; }

    /// <summary>
    /// The engine's fleet. With it the socket is that of a program that carries words between this engine and others, and
    /// does nothing else: who may use it can neither release by hand nor ask what is blocked here on whose word. Default:
    /// null, it is a socket for people.
    /// </summary>
    public ControlFleet? Fleet { get; set; }

    /// <summary>Where the daemon's socket for its fleet is unless it is told otherwise.</summary>
    public const string UsualFleetPath = "/run/blocksmtp/fleet.sock";

    /// <summary>The longest line that is a request: many words of a fleet come in one.</summary>
    internal int LongestRequest => Fleet is null ? 64 * 1024 : 1024 * 1024;

    /// <summary>Says how far the log was read; may be asked from any thread. Default: null, nobody knows.</summary>
    public Func<LogProgress?>? Log { get; set; }

    /// <summary>The options that are set, as text by their names; may be asked from any thread. Default: null, none are told.</summary>
    public Func<IReadOnlyDictionary<string, string>>? Settings { get; set; }

    /// <summary>
    /// Reads the configuration again. What it throws as a <see cref="ControlException"/> is told. Default: null, there is none to read.
    /// </summary>
    public Func<ReloadReport>? Reload { get; set; }

    /// <summary>
    /// The most connections at a time; when there are more, the one that has been silent for longest goes. Default 32; at least 1.
    /// </summary>
    public int MaxConnections { get; set; } = 32;

    /// <summary>How long a client may be silent, or take over a reply. Default 1 minute; more than zero, at most 49 days.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Timeout, LongestTimer.Time);
    }
}
