using System.Net;
using BlockSmtp.Cli.Configuration;
using BlockSmtp.Cli.Hooks;
using BlockSmtp.Cli.Options;
using BlockSmtp.Control;
using BlockSmtp.Firewalls;
using BlockSmtp.Logs;
using BlockSmtp.Milter;
using BlockSmtp.Sqlite;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// The daemon's options as values. Everything that can be wrong with them is said when it is made, before anything is touched.
/// </summary>
internal sealed class DaemonSettings
{
    /// <summary>Where the state is kept when nothing is said.</summary>
    public const string UsualStateDirectory = "/var/lib/blocksmtp";

    private DaemonSettings(DaemonVerb verb)
    {
        Verb = verb;
        Debug = OptionValue.Number("debug", verb.Debug, 0, 0, 9);
        Log = OptionValue.Path("syslog-msgs-file", verb.SyslogMsgsFile);
        MailerAddresses = OptionValue.Addresses("mailer-ip", verb.MailerIps);
        MailerPorts = OptionValue.Ports("mailer-port", verb.MailerPort);
        Chain = OptionValue.Chain("iptables-chain-name", verb.IptablesChainName, MailerPorts);
        Table = OptionValue.Table("nftables-table-name", verb.NftablesTableName, MailerPorts);
        Chain.JumpFrom = OptionValue.JumpFrom("iptables-jump-from", verb.IptablesJumpFrom);
        Table.Forward = verb.NftablesForward;
        Sessions = OptionValue.Sessions("sessions", verb.Sessions);
        Firewall = OptionValue.Firewall("firewall", verb.Firewall);
        ControlSocket = verb.ControlSocket == "none" || (verb.DryRun && verb.ControlSocket is null)
            ? null
            : OptionValue.Path("control-socket", verb.ControlSocket) ?? ControlServerOptions.UsualPath;
        ControlGroup = Group("control-group", verb.ControlGroup);
        FleetGroup = Group("fleet-group", verb.FleetGroup);
        var fleetSocket = OptionValue.Path("fleet-socket", verb.FleetSocket);
        FleetSocket = FleetGroup is null ? fleetSocket : fleetSocket ?? ControlServerOptions.UsualFleetPath;
        Gate = GateOptions(verb);
        Metrics = OptionValue.Listen("metrics", verb.Metrics);
        MetricsTextFile = OptionValue.Path("metrics-textfile", verb.MetricsTextFile);
        OnEvent = EventReceiver.Of("on-event", verb.OnEvent);
        Policy = DetectionSetup.PolicyOf(verb);
        var directory = OptionValue.Path("state-dir", verb.StateDir) ?? UsualStateDirectory;
        StateDirectory = directory == "none" || verb.DryRun ? null : directory;
        Trial = OptionValue.Duration("trial", verb.Trial, TimeSpan.Zero, mayBeZero: true);
        var days = new SqliteBlockStoreOptions { Directory = UsualStateDirectory }.KeepHistory.Days;
        KeepHistory = TimeSpan.FromDays(OptionValue.Number("history-days", verb.HistoryDays, days, 0, 36_500));
        var standard = new DetectionEngineOptions();
        Engine = new DetectionEngineOptions
        {
            MaxCmdRead = OptionValue.Duration("max-cmd-read", verb.MaxCmdRead, standard.MaxCmdRead, mayBeZero: true),
            MaxStall = OptionValue.Duration("max-stall", verb.MaxStall, standard.MaxStall, mayBeZero: true),
            CompareInterval = OptionValue.Duration("reconcile", verb.Reconcile, standard.CompareInterval, mayBeZero: true),
            KeepOffenses = Policy.Count.Window,
            KeepRules = verb.KeepRules,
            KeepRecipients = true,
            OwnAddresses = MailerAddresses,
            JoinsMilter = Gate is not null,
            Fleet = FleetSocket is null ? null : new ControlFleet(),
        };
        RequireTrust("white-list", verb.WhiteList);
        RequireTrust("white-list-names", verb.WhiteListNames);
        NamesCache = OptionValue.Path("names-cache", verb.NamesCache) ?? Names.NamesCache.UsualPath;
        RequireTrust("names-cache", NamesCache);
        Engine.Fill(verb);
        UsualLog = FileLogSourceOptions.UsualPathOf(Engine.Mailer);
        Journal = OptionValue.Journal("journal", verb.Journal, AnyJournal);
        if (Journal is not null && Log is not null)
            throw new CommandException(ExitCode.Usage, "--journal and --syslog-msgs-file are both given: name one log");
    }

    /// <summary>The texts that it was made of.</summary>
    public DaemonVerb Verb { get; }

    public int Debug { get; }

    /// <summary>The file to follow; null where none is named.</summary>
    public string? Log { get; }

    /// <summary>The file to follow where none is named.</summary>
    public string UsualLog { get; }

    /// <summary>The journal to follow; null where it is not named.</summary>
    public JournalLogSourceOptions? Journal { get; }

    /// <summary>The journal with the mail server's lines, whatever unit it is.</summary>
    public JournalLogSourceOptions AnyJournal => new()
    {
        Identifiers = JournalNames.Of(Engine),
        TrustedUsers = JournalNames.UsersOf(Engine.Mailer),
        FromStart = Verb.FromStart,
    };

    public IReadOnlyList<IPAddress> MailerAddresses { get; }

    public IReadOnlyList<int> MailerPorts { get; }

    /// <summary>The socket of the helper that looks into processes and ends sessions; null where the daemon does it.</summary>
    public string? Sessions { get; }

    public IptablesFirewallOptions Chain { get; }

    public NftablesFirewallOptions Table { get; }

    public FirewallKind Firewall { get; }

    public PolicyChoice Policy { get; }

    /// <summary>Where the daemon listens for commands; null for nowhere.</summary>
    public string? ControlSocket { get; }

    /// <summary>Who may use that beside root; null for nobody.</summary>
    public uint? ControlGroup { get; }

    /// <summary>Where the daemon listens for the program of its fleet; null for nowhere.</summary>
    public string? FleetSocket { get; }

    /// <summary>Who may use that beside root and the user who runs the daemon; null for nobody.</summary>
    public uint? FleetGroup { get; }

    /// <summary>The gate; null for none.</summary>
    public MailGateOptions? Gate { get; }

    /// <summary>Whether blocked hosts are let go on, so that they learn nothing: then nobody ends their sessions.</summary>
    public bool PlaysAlong => Gate is { Denial: GateDenial.Alike } && Firewall == FirewallKind.None;

    /// <summary>Whether the service manager listens for the gate, and hands the socket over.</summary>
    public bool IsGateHandedOver => OptionValue.IsHandedOver(Verb.Milter);

    /// <summary>Where the state is kept; null for nowhere, as in a dry run.</summary>
    public string? StateDirectory { get; }

    /// <summary>How long after the first start nobody is blocked; zero for no trial.</summary>
    public TimeSpan Trial { get; }

    /// <summary>How long blocks that are over are remembered.</summary>
    public TimeSpan KeepHistory { get; }

    /// <summary>Where Prometheus may ask; null for nowhere.</summary>
    public IPEndPoint? Metrics { get; }

    /// <summary>The file for node_exporter; null for none.</summary>
    public string? MetricsTextFile { get; }

    /// <summary>Who is told of blocks, releases and alarms; null for nobody.</summary>
    public IEventReceiver? OnEvent { get; }

    /// <summary>What the engine is told; the daemon adds what is no option.</summary>
    public DetectionEngineOptions Engine { get; }

    /// <summary>Where the addresses of the white-list's names are found.</summary>
    public string NamesCache { get; }

    /// <summary>Who may write one of these files decides who is never blocked.</summary>
    private static void RequireTrust(string option, string? file)
    {
        if (OptionValue.Path(option, file) is { } path && FileTrust.WhyNot(path) is { } reason)
            throw CommandException.Of(option, ExitCode.Config, reason);
    }

    /// <summary>The id of a group.</summary>
    private static uint? Group(string option, string? text) =>
        text is null ? null : UserGroup.Find(text) ?? throw CommandException.BadValue(option, text, "a group of this machine");

    /// <summary>What can be wrong with the gate's options is said also where there is no gate.</summary>
    private static MailGateOptions? GateOptions(DaemonVerb verb)
    {
        var options = new MailGateOptions
        {
            Group = Group("milter-group", verb.MilterGroup),
            Denial = OptionValue.Denial("deny", verb.Deny),
            ReportsOnly = verb.DryRun,
        };
        options.Text = OptionValue.DenialText("deny-text", verb.DenyText, options.Text);
        if (OptionValue.IsHandedOver(verb.Milter))
            return options;
        if (OptionValue.Milter("milter", verb.Milter) is not { } address)
            return null;
        options.Address = address;
        return options;
    }

    /// <exception cref="CommandException">An option, or the white-list, is not right.</exception>
    public static DaemonSettings Of(DaemonVerb verb) => new(verb);
}
