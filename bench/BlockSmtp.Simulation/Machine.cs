using BlockSmtp.Benchmarks.Logs;

namespace BlockSmtp.Simulation;

/// <summary>What outlasts the daemon: the clocks, the kernel's rules, the disk, the log, the mail server.</summary>
internal sealed class Machine
{
    public Machine(SeededRandom random, TextWriter? words)
    {
        Trace = new Trace(Time, words);
        Server = new MailServer(Time, Log);
        Lookup = new SimulatedLookup(Server, random, Trace);
        Firewall = new Part("firewall", Time, random, Trace, isWhole: false);
        Store = new Part("store", Time, random, Trace, isWhole: true);
        Reaper = new Part("reaper", Time, random, Trace, isWhole: false);
    }

    public SimulatedTime Time { get; } = new();

    public Trace Trace { get; }

    public Rules Rules { get; } = new();

    public Disk Disk { get; } = new();

    public LogFiles Log { get; } = new();

    public MailServer Server { get; }

    public SimulatedLookup Lookup { get; }

    public Part Firewall { get; }

    public Part Store { get; }

    public Part Reaper { get; }

    /// <summary>When somebody has changed our rules last, up time.</summary>
    public TimeSpan LastForeignHand { get; set; }

    /// <summary>When a block was made or has ended last, up time.</summary>
    public TimeSpan LastDecision { get; set; }

    /// <summary>When the wall clock was set last, up time.</summary>
    public TimeSpan LastSet { get; set; }
}
