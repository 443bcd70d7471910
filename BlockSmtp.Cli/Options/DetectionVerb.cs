using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>What counts, of whom, and what comes of it: the same for the daemon and a replay.</summary>
/// <remarks>Values are read as text, so that a bad one gets a message that names it.</remarks>
internal abstract class DetectionVerb : ConfiguredVerb
{
    [Option("policy", MetaValue = "RULE", HelpText = "By which rule: balance, different wrong names against the recipients that a host has "
        + "delivered mail to, or count, wrong guesses alone, as the original had it. Default balance.")]
    public string? Policy { get; set; }

    [Reloadable, Option("honey-names", MetaValue = "FILE", HelpText = "Names that nobody has and only a guesser tries, one a line: "
        + "a host that has never delivered mail is blocked at the first. # begins a comment line. For balance.")]
    public string? HoneyNames { get; set; }

    [Reloadable, Option("distributed", MetaValue = "ANSWER", HelpText = "When many hosts guess together, each with a name or two: alarm "
        + "tells of it, block also blocks each such host that never delivered mail, off does neither. For balance. Default alarm.")]
    public string? Distributed { get; set; }

    [Reloadable, Option(
        "ipv6-prefix", MetaValue = "BITS", HelpText = "How many bits of an IPv6 address are one host, 48 to 128. For balance. Default 64.")]
    public string? IPv6Prefix { get; set; }

    [Reloadable, Option(
        "longest-block-time",
        MetaValue = "TIME",
        HelpText = "The longest block of a host that comes back again and again. For balance. Default 7d.")]
    public string? LongestBlockTime { get; set; }

    [Reloadable, Option(
        "block-time-factor",
        MetaValue = "N",
        HelpText = "How many times longer each further block of a host is. For balance. Default 2; 1 for always the same.")]
    public string? BlockTimeFactor { get; set; }

    [Reloadable, Option("max-offenses", MetaValue = "N", HelpText = "How many wrong guesses a host may make (balance: "
        + "more than its deliveries make up for); one more blocks it. Default 3.")]
    public string? MaxOffenses { get; set; }

    [Reloadable, Option("offense-window", MetaValue = "TIME", HelpText = "How long a wrong guess counts. Default 1d.")]
    public string? OffenseWindow { get; set; }

    [Reloadable, Option("block-time", MetaValue = "TIME", HelpText = "How long a host is blocked (balance: the first time; "
        + "twice as long each time it comes back, up to a week). Default 3h.")]
    public string? BlockTime { get; set; }

    [Reloadable, Option("count-probes", HelpText = "Count each VRFY and EXPN as a wrong guess too. With balance they always count.")]
    public bool CountProbes { get; set; }

    [Option("max-empty-transactions", MetaValue = "N", HelpText = "How many transactions without a message a host may make in a minute. "
        + "With balance one more blocks it, unless it delivers mail. Default 500; 0 for any number.")]
    public string? MaxEmptyTransactions { get; set; }

    [Reloadable, Option("white-list", MetaValue = "FILE", HelpText = "Networks that are never blocked, one a line (192.0.2.0/24, "
        + "2001:db8::/32, single addresses); what follows a # is a comment.")]
    public string? WhiteList { get; set; }

    [Reloadable, Option("white-list-names", MetaValue = "FILE", HelpText = "Names whose addresses are never blocked, one a line: "
        + "of hosts, or include:DOMAIN for what an SPF record names. blocksmtp resolve asks for them. # begins a comment.")]
    public string? WhiteListNames { get; set; }

    [Option(
        "names-cache",
        MetaValue = "FILE",
        HelpText = "Where blocksmtp resolve keeps the addresses of these names. Default /var/cache/blocksmtp/white-list-names.")]
    public string? NamesCache { get; set; }

    [Option("mailer", MetaValue = "KIND", HelpText = "Whose lines count: sendmail, postfix, exim, or auto: "
        + "each line is read as that of the mail server whose name it has. Default auto.")]
    public string? Mailer { get; set; }

    [Option(
        "mailer-ip",
        MetaValue = "IP",
        HelpText = "The mail server's address; may be given several times. Default: every address of this machine.")]
    public IEnumerable<string> MailerIps { get; set; } = [];

    [Option("unknown-user-text", MetaValue = "TEXT", HelpText = "Words with which this site refuses an unknown recipient, "
        + "at the end of the line; may be given several times. The mail server's own and the usual ones count anyway.")]
    public IEnumerable<string> UnknownUserTexts { get; set; } = [];

    [Option("mailer-syslog-host", MetaValue = "HOST", HelpText = "Only lines of this host count, as the log names it. Default: any host.")]
    public string? MailerSyslogHost { get; set; }

    [Option("mailer-syslog-name", MetaValue = "TAG", HelpText = "The name under which the mail server logs. Default: "
        + "sm-mta (Debian) or sendmail (Red Hat), postfix (with /smtpd and the like behind it), exim, any.")]
    public string? MailerSyslogName { get; set; }
}
