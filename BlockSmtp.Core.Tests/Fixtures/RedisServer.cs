using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>
/// A real redis-server of a test's own, on a Unix socket in a folder that goes with it, or wherever the arguments say. What it has taken it
/// keeps over a stop. Disposing kills it.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _prefix;
    private readonly string[] _arguments;
    private readonly string[] _login;
    private Process? _process;

    /// <param name="prefix">The words before its command, such as those that lead into a namespace.</param>
    /// <param name="arguments">What it is told beside the usual.</param>
    public RedisServer(string[]? prefix = null, params string[] arguments)
        : this(prefix, null, arguments)
    {
    }

    /// <summary>One that asks everybody who he is.</summary>
    /// <param name="prefix">The words before its command.</param>
    /// <param name="administrator">Whom <see cref="Ask"/> is to be: his name and password, which the arguments let in.</param>
    /// <param name="arguments">What it is told beside the usual.</param>
    public RedisServer(string[]? prefix, (string Name, string Password)? administrator, params string[] arguments)
    {
        Requires.Tool("redis-server");
        Requires.Tool("redis-cli");
        (_prefix, _arguments) = (prefix ?? [], arguments);
        _login = administrator is { } who ? ["--user", who.Name, "--pass", who.Password, "--no-auth-warning"] : [];
        Start();
    }

    public string Socket => _folder["redis.sock"];

    public string Folder => Path.GetDirectoryName(Socket)!;

    public int ProcessId => _process!.Id;

    /// <summary>Starts it, with what it has kept, and waits until it answers.</summary>
    public void Start()
    {
        string[] words =
        [
            .. _prefix, Requires.Find("redis-server")!, "--port", "0", "--unixsocket", Socket, "--dir", Folder, "--appendonly", "yes",
            "--appendfsync", "always", "--save", "", "--daemonize", "no", "--logfile", _folder["redis.log"], .. _arguments,
        ];
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..]))!;
        Eventually.IsTrue(
            () => Command.Try("redis-cli", ["-s", Socket, .. _login, "PING"]).Output.Contains("PONG", StringComparison.Ordinal)
                || _process.HasExited, "redis-server answers", TimeSpan.FromSeconds(30))
            .GetAwaiter().GetResult();
        _process.HasExited.Should().BeFalse(File.Exists(_folder["redis.log"]) ? File.ReadAllText(_folder["redis.log"]) : "");
    }

    /// <summary>Ends it as a crash does.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Takes all away that it has kept, while it is not running.</summary>
    public void Forget() => Directory.Delete(_folder["appendonlydir"], recursive: true);

    public void Hang() => Signal("-STOP");

    public void GoOn() => Signal("-CONT");

    /// <summary>Runs a command on it and returns what it says.</summary>
    public string Ask(params string[] words) => Command.Run("redis-cli", ["-s", Socket, .. _login, .. words]);

    public void Dispose()
    {
        if (_process is not null)
        {
            GoOn();
            Kill();
        }

        _folder.Dispose();
    }

    private void Signal(string signal) => Command.Try("kill", signal, _process!.Id.ToString(CultureInfo.InvariantCulture));
}
