using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// Two real mail servers, each with its daemon, and the programs that carry their words, each where it has a cable of its own to the
/// servers: with TLS, and as the account of docs/fleet.md.
/// </summary>
internal sealed class FleetLab : IAsyncDisposable
{
    public const int Hosts = 2;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What a block needs to be in force on a busy machine is less than a few of these.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    private readonly SendmailLab[] _labs = new SendmailLab[Hosts];
    private readonly BlockSmtpDaemon[] _daemons = new BlockSmtpDaemon[Hosts];
    private readonly RunningProgram[] _programs = new RunningProgram[Hosts];
    private readonly TemporaryFolder _folder = new();

    public FleetNetwork Network { get; } = new(Hosts);

    public SecureRedis Security { get; } = new();

    /// <summary>Where the programs read the password.</summary>
    public string PasswordFile => _folder["fleet.secret"];

    /// <param name="server">The program's options that say where the servers are.</param>
    public async Task StartAsync(params string[] server)
    {
        SayPassword(SecureRedis.Secret);
        for (var i = 0; i < Hosts; i++)
            _labs[i] = SendmailLab.Start(new LabSettings { Throttle = 0 });
        for (var i = 0; i < Hosts; i++)
        {
            var socket = Path.Combine(_labs[i].StateDirectory, "fleet.sock");
            _daemons[i] = await BlockSmtpDaemon.StartAsync(
                _labs[i], $"--fleet-socket={socket}", "--fleet-group=daemon", "--firewall=nftables");
            _programs[i] = FleetProgram.Start(
                Network.AtHost(i),
                [
                    .. server, "--tls", $"--ca-file={Security.CaFile}", $"--user={SecureRedis.User}", $"--password-file={PasswordFile}",
                    $"--node=mx{i + 1}", $"--socket={socket}", "--timeout=1s"]);
        }

        await AllAreHeard();
    }

    public void SayPassword(string password) => File.WriteAllText(PasswordFile, password + "\n");

    public Task<SmtpSession> ConnectAsync(int host, string source) => _labs[host].ConnectAsync(source);

    /// <summary>
    /// Has somebody guess on a host until he is shut out, in whatever state the fleet is; it takes no longer than it takes without.
    /// </summary>
    public async Task IsBlockedAloneOn(int host, string address, SmtpSession? session = null)
    {
        var isMine = session is null;
        session ??= await _labs[host].ConnectAsync(address);
        if (isMine)
            await session.BeginAsync();
        await session.GuessAsync(40, Apart);
        session.UnknownUsers.Should().BeInRange(1, 12);
        if (isMine)
            await session.DisposeAsync();
        await _daemons[host].Blocks(address);
    }

    public bool Drops(int host, string address) => _labs[host].Drops(address);

    public void Block(int host, string address) =>
        Tool.Run("block", $"--control-socket={_daemons[host].ControlSocket}", address).ExitCode.Should().Be(0);

    public void Release(int host, string address) =>
        Tool.Run("unblock", $"--control-socket={_daemons[host].ControlSocket}", address).ExitCode.Should().Be(0);

    public string Ask(int host, string command) => Tool.Run(command, $"--control-socket={_daemons[host].ControlSocket}").Output;

    public async Task IsBlockedEverywhere(string address)
    {
        foreach (var daemon in _daemons)
            await daemon.Blocks(address);
    }

    public async Task IsReleasedEverywhere(string address)
    {
        foreach (var daemon in _daemons)
            await daemon.Releases(address);
    }

    /// <summary>Waits until a host's administrator is told that, and why, it is alone.</summary>
    public Task IsAlone(int host, string why) =>
        Eventually.IsTrue(
            () => Ask(host, "fleet") is var said
                && said.Contains("NOT heard", StringComparison.Ordinal)
                && said.Contains(why, StringComparison.Ordinal),
            $"mx{host + 1} is alone because of '{why}'; it says:\n{Ask(host, "fleet")}{_programs[host].Said}", Patience);

    /// <summary>How often a host's program has written down that it is alone.</summary>
    public int TimesAlone(int host) => _programs[host].Said.Split("is not heard").Length - 1;

    /// <summary>Waits until all are connected and have seen each other.</summary>
    public async Task AllAreHeard()
    {
        for (var i = 0; i < Hosts; i++)
        {
            var (socket, program) = (_daemons[i].ControlSocket, _programs[i]);
            await Eventually.IsTrue(
                () => Tool.Run("fleet", $"--control-socket={socket}") is { ExitCode: 0, Output: var said }
                    && said.Contains("mx1, mx2", StringComparison.Ordinal),
                $"mx{i + 1} hears the fleet; its program said:\n{program.Said}", Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs.Where(program => program is not null))
            await program.DisposeAsync();
        foreach (var daemon in _daemons.Where(daemon => daemon is not null))
            await daemon.DisposeAsync();
        foreach (var lab in _labs)
            lab?.Dispose();
        Network.Dispose();
        Security.Dispose();
        _folder.Dispose();
    }
}
