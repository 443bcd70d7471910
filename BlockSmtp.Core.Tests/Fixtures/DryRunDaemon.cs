using System.Diagnostics;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>
/// The program as a daemon that changes nothing, with a log, a configuration and a control socket in a folder of its own. Disposing
/// it kills it.
/// </summary>
internal sealed class DryRunDaemon : IAsyncDisposable
{
    /// <summary>Has standard error go to a file, and JOURNAL_STREAM name that file, another, or none.</summary>
    private const string Script =
        "exec 2>\"$1\"; case $2 in own) export JOURNAL_STREAM=\"$(stat -L -c %d:%i \"$1\")\";; other) export JOURNAL_STREAM=1:1;; "
        + "*) unset JOURNAL_STREAM;; esac; shift 2; exec \"$@\"";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private DryRunDaemon(string journal, string configuration)
    {
        Log = _folder.Write("log", "");
        Configuration = _folder.Write("blocksmtp.conf", configuration);
        _folder.Write("errors", "");
        string[] words =
        [
            "-c", Script, "sh", _folder["errors"], journal, Tool.Path, "--dry-run", "--debug=3", $"--syslog-msgs-file={Log}",
            $"--config={Configuration}", $"--control-socket={Socket}",
        ];
        var start = new ProcessStartInfo("sh", words) { RedirectStandardInput = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
    }

    public string Log { get; }

    public string Configuration { get; }

    public string Socket => _folder["control.sock"];

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors => File.ReadAllText(_folder["errors"]);

    /// <summary>Starts it and waits until it is at work.</summary>
    public static async Task<DryRunDaemon> StartAsync(string configuration = "", string journal = "none")
    {
        var daemon = new DryRunDaemon(journal, configuration);
        try
        {
            await Eventually.IsTrue(() =>
                daemon.Errors.Contains("ready: ", StringComparison.Ordinal)
                    || daemon._process.HasExited, "the daemon is ready", TimeSpan.FromSeconds(60));
            daemon._process.HasExited.Should().BeFalse(daemon.Errors);
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }

        return daemon;
    }

    /// <summary>Runs a command that asks it.</summary>
    public (int ExitCode, string Output, string Errors) Ask(string command, params string[] arguments) =>
        Tool.Run([command, $"--control-socket={Socket}", $"--config={Configuration}", .. arguments]);

    public int ProcessId => _process.Id;

    public void HangUp() => Command.Run("kill", "-HUP", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public Task Says(string text) =>
        Eventually.IsTrue(
            () => Errors.Contains(text, StringComparison.Ordinal),
            $"the daemon says '{text}'; it said:\n{Errors}",
            TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
