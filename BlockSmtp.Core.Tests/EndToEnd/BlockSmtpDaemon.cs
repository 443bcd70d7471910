using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Collections;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// The real program, run as on a mail server: in the network namespace of a lab's mail server, with the machine's own files
/// and processes. Disposing it kills it and takes its rules away.
/// </summary>
internal sealed class BlockSmtpDaemon : IAsyncDisposable
{
    public const string Chain = "SPAM_UNAME_GUESSERS";

    private readonly SendmailLab _lab;
    private readonly Process _process;
    private readonly List<string> _errors = [];

    private BlockSmtpDaemon(SendmailLab lab, string[] before, string[] options)
    {
        _lab = lab;
        string[] words =
        [
            .. lab.Prefix[1..], .. before, Binary(), "--debug=3", $"--syslog-msgs-file={lab.LogFile}",
            $"--mailer-ip={SendmailLab.ServerV4}", $"--mailer-ip={SendmailLab.ServerV6}",
            .. options.Any(option => option.StartsWith("--mailer-port", StringComparison.Ordinal)) ? [] : new[] { "--mailer-port=25" },
            .. lab.Mailer == Mailer.Sendmail ? new[] { "--mailer-syslog-host=mail1", "--mailer-syslog-name=sm-mta" } : [],
            $"--iptables-chain-name={Chain}",
            .. options.Any(option => option.StartsWith("--control-socket", StringComparison.Ordinal))
                ? Array.Empty<string>()
                : [$"--control-socket={ControlSocketOf(lab)}"],
            .. options.Any(option => option.StartsWith("--state-dir", StringComparison.Ordinal)) ? [] : new[] { "--state-dir=none" },
            .. options,
        ];
        var start = new ProcessStartInfo(lab.Prefix[0], words)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        // The built program is no single file: it runs on the runtime that runs these tests.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        // Killed, it could not clear the debugger's pipes in the temporary directory away.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Where it listens for commands, unless it was started with another.</summary>
    public string ControlSocket => ControlSocketOf(_lab);

    /// <summary>What it has printed so far.</summary>
    public string[] Output
    {
        get
        {
            lock (_errors)
                return [.. _errors];
        }
    }

    /// <summary>Starts the daemon and waits until it is at work.</summary>
    public static Task<BlockSmtpDaemon> StartAsync(SendmailLab lab, params string[] options) => ReadyAsync(Launch(lab, options));

    /// <summary>The same without any of root's rights, as in a container that has none.</summary>
    public static Task<BlockSmtpDaemon> StartWithoutRightsAsync(SendmailLab lab, params string[] options)
    {
        Requires.Tool("setpriv");
        return ReadyAsync(new(lab, ["setpriv", "--bounding-set=-all", "--inh-caps=-all"], options));
    }

    /// <summary>The same with the two rights that it has beside a helper for the mail server's processes.</summary>
    public static Task<BlockSmtpDaemon> StartWithFewRightsAsync(SendmailLab lab, params string[] options)
    {
        Requires.Tool("setpriv");
        return ReadyAsync(new(lab, ["setpriv", "--bounding-set=-all,+net_admin,+dac_read_search", "--inh-caps=-all"], options));
    }

    private static async Task<BlockSmtpDaemon> ReadyAsync(BlockSmtpDaemon daemon)
    {
        try
        {
            await Eventually.IsTrue(() => daemon.IsReady || daemon._process.HasExited, "the daemon is ready");
            daemon.IsReady.Should().BeTrue("the daemon should be ready, and said:\n{0}", string.Join('\n', daemon.Output));
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }

        return daemon;
    }

    /// <summary>Starts the program and waits for nothing: it may well refuse.</summary>
    public static BlockSmtpDaemon Launch(SendmailLab lab, params string[] options) => new(lab, [], options);

    /// <summary>Sends a signal by its name, such as HUP.</summary>
    public void Signal(string name) => Command.Run("kill", "-" + name, _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends it with SIGKILL: it can clear nothing away.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public Task Says(string text) =>
        Eventually.IsTrue(
            () => Output.Any(line => line.Contains(text, StringComparison.Ordinal)),
            $"the daemon says '{text}'; it said:\n{string.Join('\n', Output)}");

    /// <summary>Waits until an address is dropped.</summary>
    public Task Blocks(string address) =>
        Eventually.IsTrue(() => _lab.Drops(address), $"{address} is blocked; the daemon said:\n{string.Join('\n', Output)}\n");

    public Task Releases(string address) =>
        Eventually.IsTrue(() => !_lab.Drops(address), $"{address} is released; the daemon said:\n{string.Join('\n', Output)}\n");

    /// <summary>
    /// Waits until all that was logged so far is judged: the log is worked off in order, so when a guesser that began after
    /// it is blocked, whatever else was to be blocked is.
    /// </summary>
    public async Task HasJudgedAllUntilNow(string marker)
    {
        await using var session = await _lab.ConnectAsync(marker);
        await session.BeginAsync();
        await session.GuessAsync(4);
        await Blocks(marker);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _lab.ClearFirewall();
    }

    private static string ControlSocketOf(SendmailLab lab) => Path.Combine(lab.StateDirectory, "control.sock");

    /// <summary>The one place that knows by what line the daemon tells that it is at work.</summary>
    private bool IsReady => Output.Any(line => line.StartsWith("blocksmtp: ready: ", StringComparison.Ordinal));

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_errors)
            _errors.Add(line);
    }

    /// <summary>BLOCKSMTP_BINARY, or the program that was built with these tests.</summary>
    internal static string Binary()
    {
        var binary = Environment.GetEnvironmentVariable("BLOCKSMTP_BINARY") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(AppContext.BaseDirectory, "blocksmtp");
        return File.Exists(binary) ? binary : throw new FileNotFoundException($"there is no program {binary}: build BlockSmtp.Cli");
    }
}
