using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>A clean Debian of a test's own, eng/debian-guest. Disposing removes it.</summary>
internal sealed class DebianGuest : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    // More than a second, in which a SYN is sent twice.
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1.5);
    private static int _count;

    private readonly string _name = $"bsmtp-guest-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
    private int _names;

    public DebianGuest(params string[] settings)
    {
        try
        {
            string[] usual = [_name, "up", $"base={GuestSetup.Base}", $"owner={Environment.ProcessId}"];
            ProcessId = PidIn(Command.Run(Patience, Script, [.. usual, .. settings]));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static string Script => Path.Combine(Repository.Root, "eng", "debian-guest");

    public static IPAddress Server { get; } = IPAddress.Parse("10.100.10.200");

    public static IPAddress ServerV6 { get; } = IPAddress.Parse("2001:db8::25");

    /// <summary>Its init, as this machine numbers it: whose network is the guest's.</summary>
    public string ProcessId { get; private set; } = "";

    /// <summary>The words to put before a command so that it runs inside, where the package lies.</summary>
    public string[] Prefix => [Script, _name, "exec", "env", "-C", "/root"];

    /// <summary>Runs a command inside; returns all that it printed, and throws when it fails.</summary>
    public string Run(string file, params string[] arguments)
    {
        var (exitCode, output, errors) = Try(file, arguments);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"in the guest, {file} {string.Join(' ', arguments)}: exit code {exitCode}: {errors}{output}");
    }

    public (int ExitCode, string Output, string Errors) Try(string file, params string[] arguments) =>
        Command.Try(Patience, Script, [_name, "exec", file, .. arguments]);

    /// <summary>Runs lines of a shell inside, as an administrator types them; any that fails ends it.</summary>
    public string Shell(string lines) => Run("bash", "-euc", lines);

    /// <summary>
    /// Runs the commands of a page, or of what stands under one of its headings; returns all that they printed. Whoever calls says so with
    /// <see cref="RunsCommandsOfAttribute"/>.
    /// </summary>
    public string RunPage(string page, string? heading = null) =>
        string.Concat(DocumentedCommands.Of(page, heading).Select(commands => commands.Run(Prefix)));

    /// <summary>Copies files in, where <c>apt-get install /root/NAME</c> finds them.</summary>
    public void Copy(params string[] files) => Command.Run(Script, [_name, "copy", .. files, "/root"]);

    /// <summary>Where a file of it is on this machine.</summary>
    public string PathOf(string file) => $"/proc/{ProcessId}/root{file}";

    /// <summary>Copies a package of ours in and installs it, with packages of Debian's, but nothing that is only recommended.</summary>
    public void Install(string package, params string[] others)
    {
        Copy(package);
        Run("apt-get", ["-y", "--no-install-recommends", "install", $"/root/{Path.GetFileName(package)}", .. others]);
    }

    /// <summary>Opens its sendmail to the world, as the page for beginners has it.</summary>
    public void OpenMailServer()
    {
        var commands = Page.Find("docs/getting-started.md").Blocks.Single(block => block.Heading == "2. The mail server").Text;
        Shell(commands.Replace("systemctl restart sendmail", "service sendmail restart", StringComparison.Ordinal));
        TakeConnectionsUnderLoad();
    }

    /// <summary>sendmail refuses connections on a busy machine, which the one that tests run on is.</summary>
    public void TakeConnectionsUnderLoad() =>
        Shell("sed -i 's/^#*O \\(QueueLA\\|RefuseLA\\)=.*/O \\1=1000/; s/^#*O DelayLA=.*/O DelayLA=0/' /etc/mail/sendmail.cf; "
            + "service sendmail restart");

    /// <summary>Has its init shut it down and start it again.</summary>
    public void Reboot() => ProcessId = PidIn(Command.Run(Patience, Script, _name, "reboot"));

    /// <summary>A session with its mail server.</summary>
    public Task<SmtpSession> ConnectAsync(string source) =>
        SmtpSession.OpenAsync($"{_name}-att", IPAddress.Parse(source), source.Contains(':') ? ServerV6 : Server);

    /// <summary>Guesses until the server answers no more; returns how many names were told to be wrong.</summary>
    public async Task<int> GuessUntilBlockedAsync(string source, string sender = "")
    {
        await using var session = await ConnectAsync(source);
        await session.SayAsync("EHLO client.example");
        await session.SayAsync($"MAIL FROM:<{sender}>");
        for (var i = 0; i < 40 && !session.HasEnded; i++)
            await session.SayAsync(string.Create(CultureInfo.InvariantCulture, $"RCPT TO:<guess{_names++}@mail1.example.org>"));
        return session.UnknownUsers;
    }

    /// <summary>Guesses so many names and takes its leave, so that sendmail logs who it was.</summary>
    public async Task GuessAsync(string source, int count)
    {
        await using var session = await ConnectAsync(source);
        // With a sender: a single wrong recipient without one may be a bounce.
        await session.BeginAsync("someone@mail1.example.org");
        for (var i = 0; i < count; i++)
            await session.SayAsync(string.Create(CultureInfo.InvariantCulture, $"RCPT TO:<guess{_names++}@mail1.example.org>"));
        session.UnknownUsers.Should().Be(count, "each was told to be wrong");
        await session.QuitAsync();
    }

    /// <summary>Whether one of the attackers' addresses gets what a port of it serves.</summary>
    public bool Fetches(string source, int port) =>
        Command.Try(
            Script, _name, "client", "curl", "--silent", "--fail", "--max-time", "3", "--interface", source,
            $"http://{Server}:{port}/metrics").ExitCode == 0;

    /// <summary>Whether one of the attackers' addresses gets a connection to a port of it.</summary>
    public async Task<bool> ReachesAsync(string source, int port)
    {
        using var socket = NamespacedSocket.Create($"{_name}-att", AddressFamily.InterNetwork);
        using var patience = new CancellationTokenSource(ConnectPatience);
        socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(Server, port), patience.Token);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether a host's packets are dropped, as the daemon's table in the kernel says.</summary>
    public bool Drops(string address) => Rules().Contains(address, StringComparison.Ordinal);

    /// <summary>
    /// The daemon's table in the guest's kernel; empty without one. Read with this machine's nft, as the guest may have none.
    /// </summary>
    public string Rules() => Command.Try("nsenter", "--target", ProcessId, "--net", "nft", "list", "table", "inet", "blocksmtp").Output;

    public Task Blocks(string address) =>
        Eventually.IsTrue(() => Drops(address), $"{address} is blocked; the service said:\n{Said()}", TimeSpan.FromMinutes(1));

    public Task IsActive() =>
        Eventually.IsTrue(() => Property("ActiveState") == "active", $"the service is up; it said:\n{Said()}", TimeSpan.FromMinutes(1));

    /// <summary>
    /// The files and folders that are there because of the package, but for what tests have copied and what has been logged.
    /// /run is a file system of its own.
    /// </summary>
    public string[] FilesOfIt() =>
        Run(
            "find", "/", "/run", "-xdev", "-ignore_readdir_race", "-name", "*blocksmtp*", "-not", "-path", "/root/*", "-not", "-path",
            "/var/log/*").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A property of the service, as systemd has it.</summary>
    public string Property(string name) => Run("systemctl", "show", "--value", "--property", name, "blocksmtp").Trim();

    /// <summary>What the service has said: to the journal, or to syslog where there is none.</summary>
    public string Said() =>
        Try("bash", "-c", "if [ -d /run/systemd/system ]; then journalctl --no-pager --output=cat --unit=blocksmtp; "
            + "else grep ' blocksmtp\\[' /var/log/syslog; fi").Output;

    public void Dispose() => Command.Try(Patience, Script, [_name, "down"]);

    private static string PidIn(string printed) =>
        printed.Split('\n').Single(line => line.StartsWith("PID=", StringComparison.Ordinal))["PID=".Length..];
}
