using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>A sample that goes on until it is stopped.</summary>
internal sealed class RunningSample : IAsyncDisposable
{
    private readonly StringBuilder _said = new();
    private readonly Process _process;

    /// <param name="folder">Where it runs: the sample's own folder, with its settings.</param>
    /// <param name="arguments">The program and what it is told.</param>
    public RunningSample(string folder, params string[] arguments)
    {
        _process = Workspace.Start(Path.Combine(Workspace.Path, folder), "dotnet", arguments);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All that it has said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public async Task<Match> UntilItSays(string pattern)
    {
        await Eventually.IsTrue(() => Regex.IsMatch(Said, pattern) || _process.HasExited, $"it says {pattern}", TimeSpan.FromMinutes(1));
        Said.Should().MatchRegex(pattern);
        return Regex.Match(Said, pattern);
    }

    /// <summary>Stops it as an init system does, and returns its exit code.</summary>
    public Task<int> StopAsync() => SignalAsync("-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Stops what <c>dotnet run</c> runs, as Ctrl+C does, and returns its exit code.</summary>
    public Task<int> InterruptAsync() =>
        SignalAsync("-INT", File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ')[0]);

    private async Task<int> SignalAsync(string signal, string pid)
    {
        Command.Run("kill", signal, pid);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return default;
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
