using System.Diagnostics.Metrics;

namespace BlockSmtp.Diagnostics;

/// <summary>The meter <c>BlockSmtp</c> with its instruments: docs/metrics.md has each with its unit and meaning.</summary>
/// <remarks>No address is ever a label: an attacker has as many as he likes.</remarks>
internal sealed class EngineInstruments : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "BlockSmtp";

    // From a quarter of a millisecond, what nftables takes, to half a minute, the longest pause before a failed firewall is tried again.
    private static readonly double[] Seconds =
        [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Meter? _own;

    /// <param name="factory">Makes the meter and keeps it; null for one of our own.</param>
    /// <param name="engine">The name of the engine, a tag of the meter; null for none. A factory makes one meter of
    /// the same name and tags.</param>
    /// <param name="metrics">What is measured.</param>
    /// <param name="figures">Asks the engine.</param>
    public EngineInstruments(IMeterFactory? factory, string? engine, EngineMetrics metrics, Func<EngineFigures> figures)
    {
        var options = new MeterOptions(MeterName)
        {
            Version = typeof(EngineInstruments).Assembly.GetName().Version?.ToString(3),
            Tags = engine is null ? null : [Label("engine", engine)],
        };
        var meter = factory is null ? _own = new Meter(options) : factory.Create(options);
        Reactions = Histogram(
            meter, "blocksmtp.reaction.duration", "From reading the line that decided to the firewall's answer that the host is dropped.");
        FirewallCalls = Histogram(meter, "blocksmtp.firewall.call.duration", "How long a call to the firewall took.");

        Counter("blocksmtp.log.lines", "{line}", "Lines read, of whatever program.", () => figures().Counters.Lines);
        Counter("blocksmtp.log.bytes", "By", "Bytes read.", () => figures().Counters.Bytes);
        Counter(
            "blocksmtp.log.lines.skipped", "{line}", "Lines left out because they were too long.", () => figures().Counters.SkippedLines);
        Counter(
            "blocksmtp.log.lines.ambiguous",
            "{line}",
            "Lines that look like an offense but are none that sendmail writes; they count for nothing.",
            () => figures().Counters.Ambiguous);
        Counter(
            "blocksmtp.log.lines.lost",
            "{line}",
            "Lines that a syslog daemon or journald says it has dropped, or that Exim had no room for: guesses in them are not counted.",
            () => figures().Counters.LostLines);
        Counter(
            "blocksmtp.log.lines.unreadable",
            "{line}",
            "Lines left out because reading them failed: a defect.",
            () => figures().Counters.UnreadableLines);
        meter.CreateObservableGauge(
            "blocksmtp.log.last_read.timestamp", () => Times(metrics.LastRead), "s", "When lines were read last, in seconds since 1970.");

        Counter("blocksmtp.offenses", "{offense}", "Wrong guesses.", () => figures().Counters.Offenses);
        Counter(
            "blocksmtp.offenses.unresolved",
            "{offense}",
            "Wrong guesses whose host never became known.",
            () => figures().Counters.Unresolved);
        Counter(
            "blocksmtp.policy.failures",
            "{failure}",
            "How often the policy has thrown; that is taken for no verdict.",
            () => figures().Counters.PolicyFailures);
        Counters<PeerLookupOutcome>(
            "blocksmtp.peer.lookups",
            "{lookup}",
            "Look-ups of the client of a live process.",
            "outcome",
            Word,
            outcome => figures().Lookups[(int)outcome]);
        meter.CreateObservableUpDownCounter(
            "blocksmtp.transactions.tracked", () => figures().Transactions, "{transaction}", "Transactions that are remembered.");

        Counters<BlockOrigin>("blocksmtp.blocks", "{block}", "Blocks made.", "reason", OriginWord.Of, metrics.Blocks);
        Counters<ReleaseReason>("blocksmtp.releases", "{block}", "Blocks ended.", "reason", ReleaseWord.Of, metrics.Releases);
        Counter(
            "blocksmtp.ignored",
            "{verdict}",
            "How often a host was not blocked although the policy said so, because it is trusted.",
            () => figures().Counters.Ignored);
        Counter(
            "blocksmtp.alarms",
            "{alarm}",
            "How often many hosts were seen to guess together, once an hour while it lasts.",
            () => metrics.Alarms);
        meter.CreateObservableUpDownCounter("blocksmtp.blocks.active", () => figures().Blocks, "{block}", "Networks that are blocked now.");
        Counters<SessionEnd>(
            "blocksmtp.sessions.ended", "{session}", "Sessions of the mail server that were ended.", "means", Word, metrics.Ended);
        Counters<FirewallCall>(
            "blocksmtp.firewall.failures", "{failure}", "Calls to the firewall that failed; they are tried again.", "call", Word,
            metrics.Failures);

        void Counter(string name, string unit, string description, Func<long> read) =>
            meter.CreateObservableCounter(name, read, unit, description);

        Counter(
            "blocksmtp.firewall.repairs",
            "{repair}",
            "How often the rules were not as they should be, by a foreign hand or a failure, and were put right.",
            () => figures().Counters.Repairs);

        Fleet("blocksmtp.fleet.said", "{word}", "Words that were said to the fleet and have arrived.", fleet => fleet.Fleet.Said);
        Fleet("blocksmtp.fleet.heard", "{word}", "Words that were heard of the fleet.", fleet => fleet.Fleet.Heard);
        Fleet("blocksmtp.fleet.dropped", "{word}", "Facts that were given up for want of room, unsaid.", fleet => fleet.Fleet.Dropped);
        meter.CreateObservableCounter(
            "blocksmtp.fleet.refused",
            () => figures().Fleet is { } fleet ? Refused(fleet) : [],
            "{word}",
            "Words of the fleet that were refused.");
        Gauge("blocksmtp.fleet.connected", "{fleet}", "1 while the fleet is heard, else 0.", fleet => fleet.Fleet.IsConnected ? 1 : 0);
        Gauge("blocksmtp.fleet.waiting", "{word}", "Words that wait to be said to the fleet.", fleet => fleet.Fleet.Waiting);
        Gauge("blocksmtp.fleet.hosts", "{host}", "Hosts of the fleet that have been there of late.", fleet => fleet.Fleet.Hosts.Count);
        Gauge(
            "blocksmtp.fleet.blocks",
            "{block}",
            "Networks that are blocked now because of what another host has said or seen.",
            fleet => fleet.Blocks);
        Gauge(
            "blocksmtp.fleet.lag",
            "s",
            "How long what was heard of the fleet last has been on its way.",
            fleet => fleet.Fleet.Lag?.TotalSeconds ?? 0);

        // Nothing where there is no fleet.
        void Fleet(string name, string unit, string description, Func<FleetReport, long> read) =>
            meter.CreateObservableCounter(
                name,
                () => figures().Fleet is { } fleet ? [new Measurement<long>(read(fleet))] : Array.Empty<Measurement<long>>(),
                unit,
                description);

        void Gauge(string name, string? unit, string description, Func<FleetReport, double> read) =>
            meter.CreateObservableGauge(
                name,
                () => figures().Fleet is { } fleet ? [new Measurement<double>(read(fleet))] : Array.Empty<Measurement<double>>(),
                unit,
                description);

        // All values from the start, also those that are still 0: what is not there yet cannot be seen to grow.
        void Counters<T>(string name, string unit, string description, string label, Func<T, string> word, Func<T, long> read)
            where T : struct, Enum =>
            meter.CreateObservableCounter(
                name,
                () => Enum.GetValues<T>().Select(value => new Measurement<long>(read(value), Label(label, word(value)))),
                unit,
                description);
    }

    public Histogram<double> Reactions { get; }

    public Histogram<double> FirewallCalls { get; }

    public static KeyValuePair<string, object?> Tag(FirewallCall call) => Label("call", Word(call));

    /// <summary>A factory's meter is the factory's, and lives on.</summary>
    public void Dispose() => _own?.Dispose();

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    private static Histogram<double> Histogram(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private static Measurement<long>[] Refused(FleetReport fleet) =>
    [
        new(fleet.Trusted, Label("reason", "trusted")),
        new(fleet.TooWide, Label("reason", "too_wide")),
        new(fleet.TooMany, Label("reason", "too_many")),
        new(fleet.Improper + fleet.Fleet.Improper, Label("reason", "improper")),
    ];

    private static Measurement<double>[] Times(DateTimeOffset? time) =>
        time is { } known ? [new Measurement<double>(known.ToUnixTimeMilliseconds() / 1000.0)] : [];

    private static string Word(PeerLookupOutcome outcome) => outcome switch
    {
        PeerLookupOutcome.NoProcess => "no_process",
        PeerLookupOutcome.Found => "found",
        PeerLookupOutcome.NotTheMailer => "not_the_mailer",
        PeerLookupOutcome.NoConnection => "no_connection",
        _ => "not_permitted",
    };

    private static string Word(SessionEnd means) => means switch
    {
        SessionEnd.Shutdown => "shutdown",
        SessionEnd.Terminated => "terminated",
        _ => "killed",
    };

    private static string Word(FirewallCall call) => call switch
    {
        FirewallCall.Start => "start",
        FirewallCall.Apply => "apply",
        FirewallCall.List => "list",
        _ => "stop",
    };
}
