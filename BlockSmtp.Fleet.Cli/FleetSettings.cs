using BlockSmtp.Control;

namespace BlockSmtp.Fleet.Cli;

/// <summary>The options: those of the configuration file, and over them those of the command line.</summary>
internal sealed class FleetSettings
{
    public const string Help = """
        blocksmtp-fleet: carries what the blocksmtp daemon of this host blocks and sees to those of other hosts, and theirs to it

          --config=FILE          the configuration: these options without the dashes, one a line. Default /etc/blocksmtp/fleet.conf, if it is there
          --server=HOST[:PORT]   where the fleet meets, a Redis (6.2 or later) or Valkey server; several with commas; the path of a Unix socket
          --sentinel=NAME        the servers are Sentinels that know the master under this name
          --fleet=NAME           which fleet on that server. Default mail
          --node=NAME            this host in it; no other may have it. Default the host's name
          --user=NAME            the user (ACL) to be there
          --password-file=FILE   a file with the password. Default the credential 'password' of the systemd unit
          --tls                  speak TLS; without it only a server on this machine is spoken to
          --ca-file=FILE         who has signed the server's certificate. Default those that the machine trusts
          --allow-plain-text     speak to another machine without TLS, as through a tunnel
          --timeout=TIME         how long an answer may take. Default 2s
          --socket=PATH          the daemon's socket for its fleet. Default /run/blocksmtp/fleet.sock
          --help, --version

        """;

    private const string UsualConfiguration = "/etc/blocksmtp/fleet.conf";

    private readonly HashSet<string> _given = [];
    private bool _isInFile;
    private string _place = "";

    private FleetSettings()
    {
    }

    /// <summary>Where, and as whom.</summary>
    public RedisFleetOptions Fleet { get; } = new() { Node = NodeOf(Environment.MachineName), Servers = [] };

    /// <summary>The daemon's socket.</summary>
    public string Socket { get; private set; } = ControlServerOptions.UsualFleetPath;

    /// <exception cref="SettingException">An option is not right.</exception>
    public static FleetSettings Read(IReadOnlyList<string> arguments)
    {
        var settings = new FleetSettings();
        var named = arguments.LastOrDefault(argument => argument.StartsWith("--config=", StringComparison.Ordinal))?["--config=".Length..];
        if (named is not null || File.Exists(UsualConfiguration))
            settings.ReadFile(named ?? UsualConfiguration);
        settings._isInFile = false;
        settings._given.Clear();
        foreach (var argument in arguments.Where(argument => !argument.StartsWith("--config=", StringComparison.Ordinal)))
        {
            settings._place = argument;
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                throw settings.Wrong("it is no option: blocksmtp-fleet --help lists them");
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            settings.Set(equals < 0 ? argument[2..] : argument[2..equals], equals < 0 ? null : argument[(equals + 1)..]);
        }

        settings.Check();
        return settings;
    }

    private static string NodeOf(string machine) => machine.Split('.')[0];

    private void ReadFile(string path)
    {
        _isInFile = true;
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} cannot be read: {e.Message}", isInFile: true);
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            _place = $"{path}:{i + 1}";
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            Set((equals < 0 ? line : line[..equals]).Trim(), equals < 0 ? null : line[(equals + 1)..].Trim());
        }
    }

    private void Set(string name, string? value)
    {
        if (!_given.Add(name))
            throw Wrong($"'{name}' is given twice");
        switch (name)
        {
            case "server":
                Fleet.Servers = Text(name, value).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                break;
            case "sentinel": Fleet.SentinelService = Text(name, value); break;
            case "fleet": Fleet.Name = Text(name, value); break;
            case "node": Fleet.Node = Text(name, value); break;
            case "user": Fleet.User = Text(name, value); break;
            case "password-file": Fleet.PasswordFile = Text(name, value); break;
            case "tls": Fleet.Tls = Flag(name, value); break;
            case "ca-file": Fleet.CaFile = Text(name, value); break;
            case "allow-plain-text": Fleet.AllowPlainText = Flag(name, value); break;
            case "timeout":
                Fleet.Timeout = DurationText.TryParse(value, out var time) ? time : throw Wrong($"'{value}' is no time such as 2s");
                break;
            case "socket": Socket = Text(name, value); break;
            default: throw Wrong($"there is no option '{name}': blocksmtp-fleet --help lists them");
        }
    }

    private void Check()
    {
        if (Fleet.Servers.Count == 0)
            throw new SettingException(
                $"it is not said where the fleet meets: set server in {UsualConfiguration}, or give --server", isInFile: true);
        if (Fleet.PasswordFile is null && Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { } credentials
            && Path.Combine(credentials, "password") is var secret && File.Exists(secret))
            Fleet.PasswordFile = secret;
        try
        {
            Fleet.Validate();
        }
        catch (ArgumentException e)
        {
            // What follows is the name of a property, which is no option.
            throw new SettingException(e.Message.Split(" (Parameter ")[0], isInFile: true);
        }
    }

    private string Text(string name, string? value) => string.IsNullOrEmpty(value) ? throw Wrong($"'{name}' needs a value") : value;

    private bool Flag(string name, string? value) => value switch
    {
        null or "yes" or "true" => true,
        "no" or "false" => false,
        _ => throw Wrong($"'{name}' is yes or no"),
    };

    private SettingException Wrong(string what) => new($"{_place}: {what}", _isInFile);
}
