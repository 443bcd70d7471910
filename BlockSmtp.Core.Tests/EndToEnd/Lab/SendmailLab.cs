using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A real sendmail, or Postfix or Exim, with a real rsyslogd in namespaces of their own (eng/sendmail-lab). Attackers are
/// 203.0.113.0/24 and 2001:db8::a:0/112, ordinary senders 198.51.100.0/24 and 2001:db8::b:0/112: any address of these may be a source.
/// Disposing it ends all that runs inside and removes the files; should this process die first, the lab notices.
/// </summary>
internal sealed class SendmailLab : IDisposable
{
    public const string ServerV4 = "10.100.10.200";
    public const string ServerV6 = "2001:db8::25";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "eng", "sendmail-lab");

    /// <summary>As eng/lab-mailers has it.</summary>
    private static readonly string UnpackedMailers =
        Environment.GetEnvironmentVariable("BLOCKSMTP_MAILERS") ?? "/var/cache/blocksmtp-tests/mailers";

    private static int _count;

    private Dictionary<string, string> _environment;

    private SendmailLab(string name, Dictionary<string, string> environment) =>
        (Name, _environment) = (name, environment);

    public string Name { get; }

    public Mailer Mailer => Enum.Parse<Mailer>(_environment["MAILER"], ignoreCase: true);

    /// <summary>The mail log with traditional stamps; the same lines stand in the two beside it. Exim has one of its own.</summary>
    public string LogFile => _environment["LOG"];
    public string LogFileIso8601 => _environment["LOG_ISO8601"];
    public string LogFileRfc5424 => _environment["LOG_RFC5424"];

    /// <summary>The file that a rotated log has become.</summary>
    public string RotatedLogFile => LogFile + ".1";

    public string StateDirectory => _environment["STATE"];
    public string ServerNamespace => _environment["NAMESPACE_SERVER"];

    /// <summary>The process of the listening sendmail or Exim, or Postfix's master.</summary>
    public int DaemonPid => int.Parse(_environment["MTA_PID"], CultureInfo.InvariantCulture);

    public static SendmailLab Start(LabSettings? settings = null)
    {
        RequireTools();
        var name = $"blocksmtp-lab-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        return StartAs(name, Environment.ProcessId, settings ?? new LabSettings());
    }

    /// <summary>Starts a lab that ends with a process other than this one.</summary>
    public static SendmailLab StartAs(string name, int owner, LabSettings settings)
    {
        RequireTools();
        if (settings.Mailer is not Mailer.Sendmail)
            Requires.Need(Directory.Exists(UnpackedMailers), $"'{UnpackedMailers}' is not there (eng/test makes it)");
        return new(name, Run(name, ["up", .. settings.Arguments, $"owner={owner}"]));
    }

    /// <summary>Ends sendmail with all its sessions, and starts it with other settings.</summary>
    public void Restart(LabSettings settings) => _environment = Run(Name, ["restart", .. settings.Arguments]);

    public void Rotate(Rotation how) => Run(Name, ["rotate", how == Rotation.Rename ? "rename" : "copytruncate"]);

    /// <summary>A session from an address, with the greeting read.</summary>
    public Task<SmtpSession> ConnectAsync(string source, string? server = null, int port = 25)
    {
        var from = IPAddress.Parse(source);
        server ??= from.AddressFamily == AddressFamily.InterNetwork ? ServerV4 : ServerV6;
        return SmtpSession.OpenAsync(ClientNamespace(source), from, IPAddress.Parse(server), port);
    }

    /// <summary>
    /// The daemon's option for the milter that the mail server asks (<see cref="LabSettings.Milter"/>): what is below /run for the server
    /// is below the lab's own for it.
    /// </summary>
    public string OptionFor(string milter) => $"--milter={milter.Replace("/run/", $"{StateDirectory}/run/", StringComparison.Ordinal)}";

    /// <summary>Waits until sendmail has delivered to so many recipients in all.</summary>
    public Task HasDeliveredTo(int recipients) =>
        Eventually.IsTrue(
            () => Log().Count(line => line.EndsWith("stat=Sent", StringComparison.Ordinal)) >= recipients, "the mail is delivered");

    /// <summary>
    /// Whether an address gets a greeting. A host whose packets are dropped does not, nor does anyone while no slot is free.
    /// </summary>
    public async Task<bool> AcceptsAsync(string source)
    {
        try
        {
            await using var session = await ConnectAsync(source);
            return !session.HasEnded;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// The words to put before a command so that it runs in the server's network namespace, with the machine's files and processes.
    /// </summary>
    public string[] Prefix => ["ip", "netns", "exec", ServerNamespace];

    public string RunInside(string file, params string[] arguments) => Command.Run("ip", [.. Prefix[1..], file, .. arguments]);

    /// <summary>The rules in the server's namespace, as iptables -S writes them.</summary>
    public string[] Rules(AddressFamily family = AddressFamily.InterNetwork) =>
        Lines(RunInside(family == AddressFamily.InterNetwork ? "iptables" : "ip6tables", "-w", "-S"));

    /// <summary>Whether a rule of the address's own family, or a set of nftables or ipset that has one, drops its packets.</summary>
    public bool Drops(string address) =>
        HasRule(address)
        || Has("nft", "get", "element", "inet", "blocksmtp", "hosts" + Version(address), $"{{ {address} }}")
        || Has("ipset", "-quiet", "test", $"{BlockSmtpDaemon.Chain}-h{Version(address)}", address);

    private bool Has(string file, params string[] arguments) => Command.Try("ip", [.. Prefix[1..], file, .. arguments]).ExitCode == 0;

    private static string Version(string address) => address.Contains(':') ? "6" : "4";

    private bool HasRule(string address)
    {
        var parsed = IPAddress.Parse(address);
        var host = parsed.AddressFamily == AddressFamily.InterNetwork ? $"-s {parsed}/32 " : $"-s {parsed}/128 ";
        return Rules(parsed.AddressFamily).Any(rule =>
            rule.Contains(host, StringComparison.Ordinal) && rule.EndsWith("-j DROP", StringComparison.Ordinal));
    }

    /// <summary>Takes every rule and chain away, whoever made it.</summary>
    public void ClearFirewall()
    {
        foreach (var tool in new[] { "iptables", "ip6tables" })
        {
            RunInside(tool, "-w", "-F");
            RunInside(tool, "-w", "-X");
        }
        Has("nft", "delete", "table", "inet", "blocksmtp");
        foreach (var set in Lines(RunInside("ipset", "list", "-name")))
            RunInside("ipset", "destroy", set);
    }

    /// <summary>The processes that serve a client or deliver, of Postfix only the former, by their ids.</summary>
    public int[] Sessions() =>
        [.. Lines(Command.Run("ip", "netns", "pids", ServerNamespace))
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
            .Where(pid => pid != DaemonPid && IsMailer(pid))];

    /// <summary>The lines of the log; none in the moment in which a rotated one is not yet made anew.</summary>
    public string[] Log()
    {
        try
        {
            return File.ReadAllLines(LogFile);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    public void Dispose() => Run(Name, ["down"]);

    public string ClientNamespace(string source) =>
        source.StartsWith("203.0.113.", StringComparison.Ordinal) || source.StartsWith("2001:db8::a:", StringComparison.Ordinal)
            ? _environment["NAMESPACE_ATTACKERS"]
            : _environment["NAMESPACE_ORDINARY"];

    /// <summary>Whether a process is one of a mail server's that serve clients or listen for them.</summary>
    public static bool IsMailer(int pid) =>
        Path.GetFileName(new FileInfo($"/proc/{pid}/exe").LinkTarget) is "sendmail" or "smtpd" or "master" or "exim4";

    private static Dictionary<string, string> Run(string name, string[] arguments) =>
        Lines(Command.Run(Script, [name, .. arguments]))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void RequireTools()
    {
        Requires.Lab();
        foreach (var tool in new[]
        {
            "ip", "iptables", "ip6tables", "nft", "ipset", "rsyslogd", "sendmail-mta", "m4", "nsenter", "unshare", "sysctl", "openssl"
        })
            Requires.Tool(tool);
    }
}
