using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Logs;
using BlockSmtp.Policies;
using BlockSmtp.Processes;

namespace BlockSmtp.Hosting;

/// <summary>
/// How an engine of a host works. In a configuration each property is a key of the same name; durations are written as <c>90s</c>,
/// <c>15m</c>, <c>3h</c> or <c>2d</c>, and lists as arrays or with commas. What says something of a part (the log, the policy, the
/// firewall, the processes) counts for the library's own part, not for one that you have registered.
/// </summary>
public sealed class BlockSmtpOptions
{
    // What the parts are by themselves.
    private static readonly DetectionEngineOptions UsualEngine = new();
    private static readonly BalancePolicyOptions UsualRule = new();
    private static readonly SendmailProcessOptions UsualProcesses = new();
    private static readonly IptablesFirewallOptions UsualChain = new();
    private static readonly NftablesFirewallOptions UsualTable = new();

    /// <summary>The log that is followed. Default: null, <see cref="FileLogSourceOptions.UsualPathOf"/>.</summary>
    public string? LogFile { get; set; }

    /// <summary>Whether the log is read from its beginning (<see cref="FileLogSourceOptions.FromStart"/>). Default: false.</summary>
    public bool FromStart { get; set; }

    /// <summary>Whose lines count (<see cref="DetectionOptions.Mailer"/>). Default: those of every mail server that is known.</summary>
    public Mailer Mailer { get; set; }

    /// <summary>
    /// The names under which the mail server logs (<see cref="DetectionOptions.SyslogNames"/>). Default: those that are usual.
    /// </summary>
    public IReadOnlyList<string> SyslogNames { get; set; } = [.. UsualEngine.SyslogNames];

    /// <summary>The only host whose lines count (<see cref="DetectionOptions.SyslogHost"/>). Default: null, any.</summary>
    public string? SyslogHost { get; set; }

    /// <summary>By which rule it is judged. Default: <see cref="PolicyRule.Balance"/>.</summary>
    public PolicyRule Policy { get; set; }

    /// <summary>
    /// Whether each VRFY and EXPN is an offense too; with <see cref="PolicyRule.Balance"/> they always are. Default: false.
    /// </summary>
    public bool CountProbes { get; set; }

    /// <summary>
    /// How many transactions without a message a host may make in a minute (<see cref="DetectionOptions.MaxEmptyTransactions"/>). Default
    /// 500; 0 for as many as it likes.
    /// </summary>
    public int MaxEmptyTransactions { get; set; } = 500;

    /// <summary>
    /// How many offenses a host may make, or make more than its deliveries make up for: one more blocks it
    /// (<see cref="CountPolicyOptions.MaxOffenses"/>, <see cref="BalancePolicyOptions.MaxOffenses"/>). Default 3; 0 to 10,000.
    /// </summary>
    public int MaxOffenses { get; set; } = UsualRule.MaxOffenses;

    /// <summary>
    /// How long an offense counts (<see cref="CountPolicyOptions.Window"/>), and, with whatever policy, how long a registered
    /// <see cref="IBlockStore"/> keeps it (<see cref="DetectionEngineOptions.KeepOffenses"/>). Default 1 day; more than zero.
    /// </summary>
    public TimeSpan OffenseWindow { get; set; } = UsualRule.Window;

    /// <summary>How long a host is blocked (<see cref="CountPolicyOptions.BlockTime"/>). Default 3 hours; more than zero.</summary>
    public TimeSpan BlockTime { get; set; } = UsualRule.BlockTime;

    /// <summary>
    /// The trusted networks, beside those of <see cref="WhiteListFile"/>. Default: none. A configuration that changes is followed.
    /// </summary>
    public IReadOnlyList<IPNetwork> WhiteList { get; set; } = [];

    /// <summary>A file of trusted networks (<see cref="BlockSmtp.WhiteList.Load(string)"/>). Default: null, none.</summary>
    public string? WhiteListFile { get; set; }

    /// <summary>
    /// The mail server's addresses (<see cref="SendmailProcessOptions.MailerAddresses"/>); never blocked, nor are
    /// the machine's own. Default: any.
    /// </summary>
    public IReadOnlyList<IPAddress> MailerAddresses { get; set; } = [];

    /// <summary>The mail server's TCP ports: 1 to 15, each from 1 to 65535. Default 25.</summary>
    public IReadOnlyList<int> MailerPorts { get; set; } = [.. UsualProcesses.MailerPorts];

    /// <summary>
    /// The firewall. Default: iptables. Several engines with the same one need a <see cref="ChainName"/> or <see cref="TableName"/> each.
    /// </summary>
    public FirewallBackend Firewall { get; set; }

    /// <summary>
    /// The chain of iptables and ipset (<see cref="IptablesFirewallOptions.ChainName"/>). Default <c>SPAM_UNAME_GUESSERS</c>.
    /// </summary>
    public string ChainName { get; set; } = UsualChain.ChainName;

    /// <summary>The table of nftables (<see cref="NftablesFirewallOptions.TableName"/>). Default <c>blocksmtp</c>.</summary>
    public string TableName { get; set; } = UsualTable.TableName;

    /// <summary>
    /// Whether the client of a guess is taken from the live process that logged it. Default: true. Set it to false where the log is of a
    /// mail server on another machine: process numbers mean nothing here.
    /// </summary>
    public bool FindPeers { get; set; } = true;

    /// <summary>
    /// Whether sessions are ended: those of a blocked host, and stuck ones. Default: true; set it to false with <see cref="FindPeers"/>.
    /// </summary>
    public bool EndSessions { get; set; } = true;

    /// <summary>
    /// How long a session may wait for a command (<see cref="DetectionEngineOptions.MaxCmdRead"/>). Default 15
    /// minutes; zero for as long as it likes.
    /// </summary>
    public TimeSpan MaxCmdRead { get; set; } = UsualEngine.MaxCmdRead;

    /// <summary>
    /// How long a session may wait for a client who sends next to nothing (<see cref="DetectionEngineOptions.MaxStall"/>).
    /// Default zero: as long as it likes.
    /// </summary>
    public TimeSpan MaxStall { get; set; } = UsualEngine.MaxStall;

    /// <summary>
    /// How often the firewall is compared (<see cref="DetectionEngineOptions.CompareInterval"/>). Default 1 minute; zero for never.
    /// </summary>
    public TimeSpan CompareInterval { get; set; } = UsualEngine.CompareInterval;

    /// <summary>Whether the firewall is left as it is when the host stops. Default: false, nobody stays blocked.</summary>
    public bool KeepRules { get; set; }

    /// <summary>Whether the names that were tried are kept (<see cref="DetectionOptions.KeepRecipients"/>). Default: false.</summary>
    public bool KeepRecipients { get; set; }

    /// <summary>What comes before a key in a message: the path of the configuration section, or the name of this type.</summary>
    internal string Prefix { get; set; } = nameof(BlockSmtpOptions) + ".";

    /// <summary>What could not be read in a configuration.</summary>
    internal List<string> Unreadable { get; } = [];
}
