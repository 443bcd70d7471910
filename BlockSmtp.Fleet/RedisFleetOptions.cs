using System.Net;

namespace BlockSmtp.Fleet;

/// <summary>Where a <see cref="RedisFleet"/> meets, and as whom.</summary>
public sealed class RedisFleetOptions
{
    /// <summary>
    /// The servers, each as <c>HOST</c>, <c>HOST:PORT</c> (6379, or 6380 with TLS, or 26379 of Sentinel) or the path of a Unix socket.
    /// Several are those of one Sentinel or Cluster. Default: 127.0.0.1.
    /// </summary>
    public IReadOnlyList<string> Servers { get; set; } = ["127.0.0.1"];

    /// <summary>
    /// The name under which Sentinel knows the master; then <see cref="Servers"/> are Sentinels. Default: null, there is none.
    /// </summary>
    public string? SentinelService { get; set; }

    /// <summary>Which fleet on that server: up to 64 letters, digits, dots, hyphens and underscores. Default: <c>mail</c>.</summary>
    public string Name { get; set; } = "mail";

    /// <summary>This host's name in it, as <see cref="Name"/> is written; no other may have it. Default: the machine's.</summary>
    public string Node { get; set; } = Environment.MachineName;

    /// <summary>The user (ACL) to be. Default: null, the server's default user.</summary>
    public string? User { get; set; }

    /// <summary>A file with the password in its first line; read at each connection. Default: null, no password.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether to speak TLS. Default: false, which only a server on this machine is spoken to with.</summary>
    public bool Tls { get; set; }

    /// <summary>A file with the certificate (PEM) of who has signed the server's. Default: null, those that the machine trusts.</summary>
    public string? CaFile { get; set; }

    /// <summary>Whether a server on another machine may be spoken to without TLS, as through a tunnel. Default: false.</summary>
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// How long a call of the server may take before the connection is given up and made anew. Default 2 seconds; at least 0.1, at most 60.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many words the stream of blocks keeps, about. Default 200,000; at least 1,000.</summary>
    public int KeepWords { get; set; } = 200_000;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message says which and how to mend it.</exception>
    public void Validate()
    {
        if (Servers is null || Servers.Count == 0 || Servers.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("There must be at least one server, as HOST, HOST:PORT or the path of a socket.", nameof(Servers));
        if (!IsName(Name))
            throw new ArgumentException(
                $"The name of the fleet has up to {FleetWord.LongestNode} letters, digits, dots, hyphens and underscores.", nameof(Name));
        if (!IsName(Node))
            throw new ArgumentException(
                $"The name of this host has up to {FleetWord.LongestNode} letters, digits, dots, hyphens and underscores.", nameof(Node));
        if (Timeout < TimeSpan.FromSeconds(0.1) || Timeout > TimeSpan.FromSeconds(60))
            throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, "It is at least 0.1 and at most 60 seconds.");
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepWords, 1_000);
        if (Servers.FirstOrDefault(server => !MaySpeakTo(server)) is { } far)
            throw new ArgumentException(
                $"'{far}' is another machine, and passwords and blocks would go there in plain text: set Tls.", nameof(Tls));
    }

    /// <summary>Whether a server may be told passwords and names as these options are.</summary>
    internal bool MaySpeakTo(string server) => Tls || AllowPlainText || IsHere(server);

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= FleetWord.LongestNode }
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static bool IsHere(string server)
    {
        if (server.StartsWith('/'))
            return true;
        var colon = server.LastIndexOf(':');
        var host = server.StartsWith('[') ? server[1..Math.Max(1, server.IndexOf(']', StringComparison.Ordinal))]
            : colon >= 0 && server.IndexOf(':', StringComparison.Ordinal) == colon ? server[..colon] : server;
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
