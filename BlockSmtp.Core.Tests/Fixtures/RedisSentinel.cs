using System.Diagnostics;
using System.Globalization;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>
/// A real Sentinel (redis-server is one when it is told so), which watches the network's first server and puts one that follows it in
/// its place. Disposing kills it.
/// </summary>
internal sealed class RedisSentinel : IDisposable
{
    public const int Port = 26379;

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    /// <param name="prefix">The words that lead to where the servers are.</param>
    /// <param name="security">How they are spoken to.</param>
    /// <param name="service">What it calls the server.</param>
    public RedisSentinel(string[] prefix, SecureRedis security, string service)
    {
        var (user, password) = SecureRedis.Administrator;
        // Of those that decide it is the only one.
        var file = _folder.Write("sentinel.conf", string.Create(CultureInfo.InvariantCulture, $"""
            port 0
            unixsocket {_folder["sentinel.sock"]}
            bind {FleetNetwork.Server(3)}
            dir {Path.GetDirectoryName(_folder["x"])}
            user default off
            user {user} on >{password} ~* &* +@all
            {security.RightsAtSentinel.Trim()}
            sentinel monitor {service} {FleetNetwork.Server(1)} {SecureRedis.Port} 1
            sentinel auth-user {service} {user}
            sentinel auth-pass {service} {password}
            sentinel down-after-milliseconds {service} 1000
            sentinel failover-timeout {service} 3000
            {string.Join('\n', security.Tls(Port).Chunk(2).Select(pair => $"{pair[0][2..]} {pair[1]}"))}

            """));
        string[] words = [.. prefix, Requires.Find("redis-server")!, file, "--sentinel"];
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        try
        {
            Eventually.IsTrue(
                () => Try("PING").Contains("PONG", StringComparison.Ordinal),
                "Sentinel answers",
                TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Ask(params string[] words) => Command.Run("redis-cli", [.. Login, .. words]);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private string[] Login =>
    [
        "-s", _folder["sentinel.sock"], "--user", SecureRedis.Administrator.Name, "--pass", SecureRedis.Administrator.Password,
        "--no-auth-warning"
    ];

    private string Try(params string[] words) => Command.Try("redis-cli", [.. Login, .. words]).Output;
}
