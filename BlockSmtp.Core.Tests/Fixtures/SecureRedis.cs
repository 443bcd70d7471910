using System.Globalization;
using BlockSmtp.Tests.Docs;

namespace BlockSmtp.Tests.Fixtures;

/// <summary>
/// What redis-server needs to be as docs/fleet.md has it: TLS with a certificate that an authority of the test's own has signed, and nobody
/// let in but the fleet's account, with the rights that stand there, and one each for who administers it and for its own kind.
/// </summary>
internal sealed class SecureRedis : IDisposable
{
    public const string User = "blocksmtp";
    public const string Secret = "SECRET";
    public const int Port = 6380;

    private readonly TemporaryFolder _folder = new();

    public SecureRedis()
    {
        Requires.Tool("openssl");
        var names = string.Join(',', Enumerable.Range(1, 3).Select(number => $"IP:{FleetNetwork.Server(number)}"));
        Command.Run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", _folder["ca.key"],
            "-out", CaFile, "-subj", "/CN=The fleet", "-addext", "basicConstraints=critical,CA:TRUE", "-days", "2");
        Command.Run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", _folder["server.key"],
            "-out", _folder["server.pem"], "-subj", "/CN=redis", "-addext", $"subjectAltName={names}", "-addext",
            "basicConstraints=critical,CA:FALSE", "-CA", CaFile, "-CAkey", _folder["ca.key"], "-days", "2");
        _folder.Write("users.acl", $"{Accounts("user default off")}user root on >{Administrator.Password} ~* &* +@all\n");
    }

    /// <summary>Who may do everything.</summary>
    public static (string Name, string Password) Administrator => ("root", "root");

    /// <summary>Who has signed.</summary>
    public string CaFile => _folder["ca.pem"];

    /// <summary>The fleet's account where a Sentinel is asked.</summary>
    public string RightsAtSentinel { get; } = Accounts("+sentinel");

    /// <summary>What a server is told.</summary>
    /// <param name="number">Which of the network's.</param>
    /// <param name="follows">Which one it follows; null for none.</param>
    public string[] Arguments(int number, int? follows = null) =>
    [
        .. Tls(Port),
        "--bind",
        FleetNetwork.Server(number),
        "--aclfile",
        _folder["users.acl"],
        "--replica-announce-ip",
        FleetNetwork.Server(number),
        "--masteruser",
        Administrator.Name,
        "--masterauth",
        Administrator.Password,
        .. follows is { } master ? new[] { "--replicaof", FleetNetwork.Server(master), Port.ToString(CultureInfo.InvariantCulture) } : [],
    ];

    /// <summary>TLS for whoever comes, with no certificate of his own, and to others of its kind.</summary>
    public string[] Tls(int port) =>
    [
        "--tls-port", port.ToString(CultureInfo.InvariantCulture), "--tls-cert-file", _folder["server.pem"], "--tls-key-file",
        _folder["server.key"], "--tls-ca-cert-file", CaFile, "--tls-auth-clients", "no", "--tls-replication", "yes",
    ];

    /// <summary>The accounts, as the page has them.</summary>
    private static string Accounts(string word) =>
        string.Concat(
            from block in Page.Find("docs/fleet.md").Blocks
            where block.Text.Contains(word, StringComparison.Ordinal)
            from line in block.Text.Split('\n')
            where line.StartsWith("user ", StringComparison.Ordinal)
            select line.Replace("$(cat fleet.secret)", Secret, StringComparison.Ordinal) + "\n");

    public void Dispose() => _folder.Dispose();
}
