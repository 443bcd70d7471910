using System.Diagnostics;
using BlockSmtp.Collections;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The program on a <see cref="LoneServer"/>. Disposing it kills it.</summary>
internal sealed class LoneDaemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LoneDaemon(
        LoneServer server, string firewall, string[] options, string? path = null, string? runtimeDirectory = null, string[]? within = null)
    {
        // The namespace has a /sys of its own, without control groups.
        string[] before = [.. within ?? [], .. server.Prefix];
        var start = new ProcessStartInfo(
            before[0],
            [
                .. before[1..], Tool.Path, $"--firewall={firewall}", "--debug=3", $"--syslog-msgs-file={server.Log}",
                $"--state-dir={server.StateDirectory}", "--control-socket=none", "--mailer-ip=192.0.2.25", "--max-cmd-read=0", .. options,
            ])
        { RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (path is not null)
            start.Environment["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}";
        if (runtimeDirectory is not null)
            start.Environment["RUNTIME_DIRECTORY"] = runtimeDirectory;
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginErrorReadLine();
    }

    public bool IsOver => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    public async Task IsReady()
    {
        await _ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Output.Should().Contain("blocksmtp: ready: ");
    }

    public Task Says(string text) => Eventually.IsTrue(
        () => Output.Contains(text, StringComparison.Ordinal), $"the daemon says '{text}'; it said:\n{Output}", TimeSpan.FromSeconds(60));

    public void Signal(string name) =>
        Command.Run("kill", "-" + name, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Ends it with SIGKILL, whatever it is doing.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public Task EndsAsync() => _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_said)
                _said.Add(line);
        }

        if (line is null || line.StartsWith("blocksmtp: ready: ", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
