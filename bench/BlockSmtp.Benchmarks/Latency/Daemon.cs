using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Benchmarks.Whole;

namespace BlockSmtp.Benchmarks.Latency;

/// <summary>The real daemon. Disposing it stops it as an administrator would.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly ManualResetEventSlim _ready = new();

    private Daemon(string[] command)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true },
        };
        // As packaging/systemd has it.
        _process.StartInfo.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>The last lines of its log.</summary>
    public string Said => string.Join(Environment.NewLine, _said);

    /// <summary>Where it keeps its state.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where it listens for commands.</summary>
    public required string ControlSocket { get; init; }

    public int ProcessId => _process.Id;

    public double ResidentMebibytes => IdleDaemon.Resident(_process.Id);

    /// <summary>Processor time of the daemon itself, without the programs that it runs.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts it and waits until it is at work.</summary>
    /// <param name="log">The file that it follows.</param>
    /// <param name="command">The program, perhaps with what runs it elsewhere before, and its options.</param>
    public static Daemon Start(string log, params string[] command)
    {
        // A state of its own: what an earlier daemon has blocked would be blocked before the line is written. And a socket of its
        // own, for the machine may have a daemon in earnest.
        // At this level it says that it is ready, and one line a block, which it limits itself.
        var (state, control) = ($"{log}.state-{Guid.NewGuid():N}", $"{log}.socket");
        string[] policy = command.Any(word => word.StartsWith("--policy=", StringComparison.Ordinal)) ? [] : ["--policy=count"];
        var daemon = new Daemon(
            [.. command, .. policy, "--debug=3", $"--syslog-msgs-file={log}", $"--state-dir={state}", $"--control-socket={control}"])
        {
            StateDirectory = state,
            ControlSocket = control,
        };
        if (daemon._ready.Wait(TimeSpan.FromSeconds(20)))
            return daemon;
        daemon.Dispose();
        throw new InvalidOperationException($"the daemon does not get ready: {daemon.Said}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
                _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _ready.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        _said.Enqueue(line);
        if (_said.Count > 100)
            _said.TryDequeue(out _);
        if (line.Contains("ready: ", StringComparison.Ordinal))
            _ready.Set();
    }
}
