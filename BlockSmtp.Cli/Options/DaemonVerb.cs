using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>The daemon, which is what the program does when it is not told otherwise.</summary>
[Verb("daemon", isDefault: true, HelpText = "Follow the mail log and block hosts that guess user names. This is the default.")]
[Example("blocksmtp --dry-run --debug=3", "only say who would be blocked from now on")]
[Example("blocksmtp --white-list=/etc/blocksmtp/whitelist --debug=3 --debug-to-syslog")]
internal class DaemonVerb : DetectionVerb
{
    [Option("syslog-msgs-file", MetaValue = "FILE", HelpText = "The log to follow. Default: the first that exists of /var/log/mail.log, "
        + "/var/log/maillog, /var/log/messages, or Exim's /var/log/exim4/mainlog if that was written later, else the journal.")]
    public string? SyslogMsgsFile { get; set; }

    [Option(
        "journal",
        MetaValue = "[UNIT]",
        HelpText = "Follow the journal of systemd and no file; with a name, only that unit's entries, such as sendmail.service.")]
    public string? Journal { get; set; }

    [Option("from-start", HelpText = "Read the log from its start, not only what is written from now on.")]
    public bool FromStart { get; set; }

    [Option("mailer-port", MetaValue = "N", HelpText = "The mail server's port, or several with commas between. Default 25.")]
    public string? MailerPort { get; set; }

    [Option("max-cmd-read", MetaValue = "TIME", HelpText = "End sendmail processes that have waited longer than this for a command of a "
        + "silent client ('cmd read'); 0 for never. Default 15m.")]
    public string? MaxCmdRead { get; set; }

    [Option("max-stall", MetaValue = "TIME", HelpText = "End sendmail processes whose client keeps them waiting, in a command, in DATA or "
        + "after STARTTLS, and sends fewer than 100 bytes a second on the average within this time; 0 for never. Default 0.")]
    public string? MaxStall { get; set; }

    [Option("sessions", MetaValue = "ADDRESS", HelpText = "Have the helper at unix:PATH (blocksmtp sessions) look into the mail server's "
        + "processes and end their sessions: the daemon then needs no right to. Default: it does so itself.")]
    public string? Sessions { get; set; }

    [Option("firewall", MetaValue = "KIND", HelpText = "What drops the packets: iptables (one rule a host), nftables or ipset (sets, for "
        + "many hosts), none (only sessions are ended), or auto: the first that works of nftables, ipset, iptables. Default iptables.")]
    public string? Firewall { get; set; }

    [Option(
        "iptables-chain-name",
        MetaValue = "NAME",
        HelpText = "The chain that holds the blocked hosts (iptables, ipset). Default SPAM_UNAME_GUESSERS.")]
    public string? IptablesChainName { get; set; }

    [Option("iptables-jump-from", MetaValue = "CHAINS", HelpText = "The chains that lead into it, with commas between, "
        + "such as INPUT,DOCKER-USER for a mail server in a container (iptables, ipset). Default INPUT.")]
    public string? IptablesJumpFrom { get; set; }

    [Option(
        "nftables-forward", HelpText = "Drop also what this machine passes on, to a mail server in a container or behind it (nftables).")]
    public bool NftablesForward { get; set; }

    [Option("nftables-table-name", MetaValue = "NAME", HelpText = "The table that holds the blocked hosts (nftables). Default blocksmtp.")]
    public string? NftablesTableName { get; set; }

    [Option("milter", MetaValue = "ADDRESS", HelpText = "Have the mail server ask before it answers (the gate): "
        + "unix:PATH, inet:PORT@ADDRESS of this machine, or systemd, whose blocksmtp-milter.socket listens.")]
    public string? Milter { get; set; }

    [Option("milter-group", MetaValue = "GROUP", HelpText = "The group whose members may connect to the gate's unix socket too, "
        + "such as postfix. Default: only root, and the user who runs the daemon.")]
    public string? MilterGroup { get; set; }

    [Option("deny", MetaValue = "HOW", HelpText = "What the gate does with blocked hosts: close ends their sessions, "
        + "alike answers every name as one that does not exist. Default close.")]
    public string? Deny { get; set; }

    [Option("deny-text", MetaValue = "TEXT", HelpText = "What the gate says behind '421 4.7.0' when it ends a session. Default: "
        + "Service not available, closing transmission channel.")]
    public string? DenyText { get; set; }

    [Option(
        "metrics",
        MetaValue = "ADDRESS:PORT",
        HelpText = "Serve the figures of the daemon for Prometheus, as http://ADDRESS:PORT/metrics.")]
    public string? Metrics { get; set; }

    [Option(
        "metrics-textfile",
        MetaValue = "FILE",
        HelpText = "Keep the figures of the daemon in this file, for the textfile collector of node_exporter.")]
    public string? MetricsTextFile { get; set; }

    [Option("control-socket", MetaValue = "PATH", HelpText = "Where the daemon listens for status, list, why, block, unblock and the like; "
        + "none for nowhere. A dry run listens only where it is told to. Default /run/blocksmtp/control.sock.")]
    public string? ControlSocket { get; set; }

    [Option(
        "control-group",
        MetaValue = "GROUP",
        HelpText = "The group whose members may use the control socket too. Default: only root, and the user who runs the daemon.")]
    public string? ControlGroup { get; set; }

    [Option("on-event", MetaValue = "PROGRAM", HelpText = "Run this program for each block, release and alarm, "
        + "with one JSON object on its standard input; unix:PATH connects to a socket and writes it there.")]
    public string? OnEvent { get; set; }

    [Option("fleet-group", MetaValue = "GROUP", HelpText = "Share what is blocked and seen with other hosts: "
        + "the group of the program that carries it, blocksmtp-fleet. Default: none, this host is alone.")]
    public string? FleetGroup { get; set; }

    [Option("fleet-socket", MetaValue = "PATH", HelpText = "Where the daemon listens for that program. Default /run/blocksmtp/fleet.sock.")]
    public string? FleetSocket { get; set; }

    [Option("keep-rules", HelpText = "Leave the rules in place when the daemon stops.")]
    public bool KeepRules { get; set; }

    [Option(
        "reconcile",
        MetaValue = "TIME",
        HelpText = "How often the rules are compared with what is to be blocked, and put right; 0 for never. Default 1m.")]
    public string? Reconcile { get; set; }

    [Option("state-dir", MetaValue = "DIR", HelpText = "Where blocks, counts and the place in the log are kept over a restart; "
        + "none keeps nothing. Default /var/lib/blocksmtp.")]
    public string? StateDir { get; set; }

    [Option("history-days", MetaValue = "N", HelpText = "How long blocks that are over are remembered. Default 90.")]
    public string? HistoryDays { get; set; }

    [Option("trial", MetaValue = "TIME", HelpText = "For so long after the first start only decide, log and report, and drop nothing; "
        + "then say what would have happened, and begin to block. A restart does not begin it anew. Default 0, none.")]
    public string? Trial { get; set; }

    [Option("dry-run", HelpText = "Change nothing: only say who would be blocked. Needs no root.")]
    public bool DryRun { get; set; }

    [Reloadable, Option("debug", MetaValue = "N", HelpText = "How much to say, 0 to 9: 0 errors and warnings, 3 also blocks, "
        + "releases and ended sessions, 5 every wrong guess, 9 everything. Default 0.")]
    public string? Debug { get; set; }

    [Option("debug-to-syslog", HelpText = "Say it to syslog (facility daemon) and not to standard error.")]
    public bool DebugToSyslog { get; set; }

    [Value(0, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];
}
