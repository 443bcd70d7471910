using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>A program that goes on until it is stopped. Disposing kills it.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly StringBuilder _said = new();
    private readonly Action<int>? _ended;
    private readonly Process _process;

    /// <param name="start">The program, where it runs and what it is told.</param>
    /// <param name="ended">Is told the exit code of a program that was stopped.</param>
    /// <param name="input">Whether its standard input stays open, until it is disposed of or this process ends.</param>
    public RunningProgram(ProcessStartInfo start, Action<int>? ended = null, bool input = false)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        _ended = ended;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        if (!input)
            _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>All that it has said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>Types at it, where its standard input was left open.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    public async Task<Match> UntilItSays(string pattern)
    {
        await Eventually.IsTrue(() => Regex.IsMatch(Said, pattern) || _process.HasExited, $"it says {pattern}", Patience);
        Said.Should().MatchRegex(pattern);
        return Regex.Match(Said, pattern);
    }

    /// <summary>Stops it as an init system does, and returns its exit code.</summary>
    public Task<int> StopAsync() => SignalAsync("-TERM", Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Stops what <c>dotnet run</c> runs, as Ctrl+C does, and returns its exit code.</summary>
    public Task<int> InterruptAsync() =>
        SignalAsync("-INT", File.ReadAllText($"/proc/{Id}/task/{Id}/children").Split(' ')[0]);

    /// <summary>Waits until it ends because of what somebody else does, and returns its exit code.</summary>
    public async Task<int> EndsAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        _ended?.Invoke(_process.ExitCode);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        return default;
    }

    private Task<int> SignalAsync(string signal, string pid)
    {
        Command.Run("kill", signal, pid);
        return EndsAsync();
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
    }
}
