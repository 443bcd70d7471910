using System.Diagnostics.Metrics;

namespace BlockSmtp;

/// <summary>How a <see cref="DetectionEngine"/> works.</summary>
public sealed class DetectionEngineOptions : DetectionOptions
{
    /// <summary>
    /// Finds the client of a live mail server process. Default: null, nobody asks; then an offense counts when a later
    /// line of the log names its client, which sendmail writes at the end of a transaction.
    /// </summary>
    public IPeerLookup? PeerLookup { get; set; }

    /// <summary>How long a session may wait for a command of a silent client. Default 15 minutes; zero for as long as it likes.</summary>
    public TimeSpan MaxCmdRead { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a session may wait for a client who sends next to nothing, also in the midst of a command, a message or a TLS handshake
    /// (<see cref="IProcessReaper.EndStalledSessionsAsync"/>). Default zero: for as long as the mail server likes.
    /// </summary>
    public TimeSpan MaxStall { get; set; }

    /// <summary>
    /// How often the firewall is read back and compared with what is to be blocked, while anything is; what differs is put right.
    /// Default 1 minute; zero for never. Where reading back takes long, it is done less often.
    /// </summary>
    public TimeSpan CompareInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Keeps the state over the end of the engine. Default: null, an engine begins with nothing blocked and nothing counted. A store
    /// that fails is told in the log, and tried again; the engine goes on without it.
    /// </summary>
    public IBlockStore? Store { get; set; }

    /// <summary>
    /// How long the offenses of a host that is not blocked are kept in <see cref="Store"/>; as long as the policy counts them.
    /// Default 1 day; more than zero.
    /// </summary>
    public TimeSpan KeepOffenses { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether a milter on the mail server reports (<see cref="DetectionEngine.Report(in Offense)"/>) what the log tells too. Then what has
    /// <see cref="PeerSource.Milter"/> and a <see cref="Offense.Transaction"/> or <see cref="Offense.IsLoggedByHost"/> counts once, whoever
    /// tells it first. Default: false.
    /// </summary>
    public bool JoinsMilter { get; set; }

    /// <summary>
    /// A file in which the engine notes the line that it has in hand: a line at which three runs have died one after the other is left out
    /// at the next start, and told in the log; before that it may have been SIGKILL. It is best on a file system in memory (<c>/run</c>),
    /// and one engine's alone. Default: null, none.
    /// </summary>
    public string? LineFile { get; set; }

    /// <summary>
    /// Whether the firewall is left as it is when the engine stops. Default: false, nobody stays blocked; only after a failure that ends
    /// the engine the rules stay, until their time is over or the next start takes them over.
    /// </summary>
    public bool KeepRules { get; set; }

    /// <summary>
    /// Makes the meter <c>BlockSmtp</c>, whose instruments docs/metrics.md names. Default: null, the engine makes one of
    /// its own for as long as it runs.
    /// </summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>
    /// Carries what this engine decides and sees to those of other hosts, and theirs to it. Default: null, it is alone. Where there is one,
    /// names that were tried are kept (<see cref="DetectionOptions.KeepRecipients"/>), since the same name counts once on whatever host.
    /// </summary>
    public IFleet? Fleet { get; set; }

    /// <summary>How far the fleet is trusted.</summary>
    public FleetLimits FleetLimits { get; set; } = new();

    /// <summary>The engine's name among several of a host, a tag of its meter. Default: null, it has none.</summary>
    internal string? Name { get; set; }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCmdRead, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStall, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(CompareInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepOffenses, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(FleetLimits);
        FleetLimits.Validate();
    }
}
