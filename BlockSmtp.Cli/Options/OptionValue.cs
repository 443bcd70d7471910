using System.Globalization;
using System.Net;
using BlockSmtp.Firewalls;
using BlockSmtp.Logs;
using BlockSmtp.Milter;
using BlockSmtp.Processes;
using BlockSmtp.Sockets;

namespace BlockSmtp.Cli.Options;

/// <summary>Turns the text of an option into its value, or says what would be right.</summary>
internal static class OptionValue
{
    // One rule takes no more (iptables-extensions(8), multiport).
    private const int MostPorts = 15;

    public static int Number(string option, string? text, int standard, int least, int most)
    {
        if (text is null)
            return standard;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw CommandException.BadValue(option, text, $"a whole number from {least} to {most}");
    }

    public static TimeSpan Duration(string option, string? text, TimeSpan standard, bool mayBeZero = false)
    {
        if (text is null)
            return standard;
        return DurationText.TryParse(text, out var duration) && (mayBeZero || duration > TimeSpan.Zero)
            ? duration
            : throw CommandException.BadValue(
                option, text, $"a duration such as 900 (seconds), 90s, 15m, 3h or 2d{(mayBeZero ? " (0 for never)" : ", more than 0")}");
    }

    /// <summary>For how long somebody is to be blocked; null for as long as the daemon does.</summary>
    public static TimeSpan? BlockTime(string option, string? text) => text switch
    {
        null => null,
        "forever" => TimeSpan.FromDays(36_500),
        _ => DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero
            ? duration
            : throw CommandException.BadValue(
                option, text, "a duration such as 900 (seconds), 90s, 15m, 3h or 2d, more than 0, nor 'forever'"),
    };

    public static IReadOnlyList<int> Ports(string option, string? text) =>
        text is null ? new SendmailProcessOptions().MailerPorts
        : text.Count(letter => letter == ',') >= MostPorts
            ? throw CommandException.BadValue(option, text, $"a list of at most {MostPorts} ports")
        : [.. text.Split(',').Select(port => Number(option, port, 0, 1, 65_535)).Distinct()];

    public static IReadOnlyList<IPAddress> Addresses(string option, IEnumerable<string> texts) =>
        [.. texts.Select(text => Address(option, text)).Distinct()];

    public static string Word(string option, string? text, string standard)
    {
        if (text is null)
            return standard;
        return text.Length > 0 && !text.Any(letter => char.IsControl(letter) || letter is ' ' or '[' or ']' or ':')
            ? text
            : throw CommandException.BadValue(option, text, "a word as it stands in the log, without spaces, brackets and colons");
    }

    /// <summary>The chain's name and ports, which the firewall itself knows to check.</summary>
    public static IptablesFirewallOptions Chain(string option, string? name, IReadOnlyList<int> ports)
    {
        var options = new IptablesFirewallOptions { Ports = ports };
        options.ChainName = name ?? options.ChainName;
        try
        {
            _ = new IptablesFirewall(options);
            return options;
        }
        catch (ArgumentException)
        {
            throw CommandException.BadValue(
                option,
                options.ChainName,
                "a chain name: 1 to 28 letters, digits, dots, dashes and underscores, and none that iptables uses itself");
        }
    }

    /// <summary>The chains that lead into ours, which the firewall itself knows to check.</summary>
    public static IReadOnlyList<string> JumpFrom(string option, string? text)
    {
        if (text is null)
            return new IptablesFirewallOptions().JumpFrom;
        try
        {
            string[] chains = text.Split(',', StringSplitOptions.TrimEntries);
            _ = new IptablesFirewall(new IptablesFirewallOptions { JumpFrom = chains });
            return chains;
        }
        catch (ArgumentException)
        {
            throw CommandException.BadValue(option, text, "a list of chains such as INPUT,DOCKER-USER");
        }
    }

    /// <summary>The table's name and ports, which the firewall itself knows to check.</summary>
    public static NftablesFirewallOptions Table(string option, string? name, IReadOnlyList<int> ports)
    {
        var options = new NftablesFirewallOptions { Ports = ports };
        options.TableName = name ?? options.TableName;
        try
        {
            new NftablesFirewall(options).Dispose();
            return options;
        }
        catch (ArgumentException)
        {
            throw CommandException.BadValue(
                option, options.TableName, "a table name: a letter, then up to 63 letters, digits and underscores");
        }
    }

    public static FirewallKind Firewall(string option, string? text) => text switch
    {
        null or "iptables" => FirewallKind.Iptables,
        "nftables" => FirewallKind.Nftables,
        "ipset" => FirewallKind.Ipset,
        "none" => FirewallKind.None,
        "auto" => FirewallKind.Auto,
        _ => throw CommandException.BadValue(option, text, "a firewall: use iptables, nftables, ipset, none or auto"),
    };

    /// <summary>The journal, narrowed to a unit where one is named; null without the option.</summary>
    public static JournalLogSourceOptions? Journal(string option, string? unit, JournalLogSourceOptions journal)
    {
        if (unit is null)
            return null;
        if (unit == OptionalValue.Any)
            return journal;
        // systemd.unit(5): what may be in a name. As for systemctl, one without a type is a service.
        if (unit.Length is 0 or > 255 || !unit.All(letter => char.IsAsciiLetterOrDigit(letter) || ":-_.\\@".Contains(letter)))
            throw CommandException.BadValue(option, unit, "the name of a unit such as sendmail.service");
        journal.Unit = unit.Contains('.') ? unit : unit + ".service";
        return journal;
    }

    public static string? Path(string option, string? text) =>
        text is null || (text.Length > 0 && !text.Contains('\0')) ? text : throw CommandException.BadValue(option, text, "a file");

    /// <summary>An address of this machine with a port.</summary>
    public static IPEndPoint? Listen(string option, string? text)
    {
        if (text is null)
            return null;
        // "9625" alone would be the address 0.0.37.153.
        return IPEndPoint.TryParse(text, out var address)
            && address.Port > 0
            && text.Contains(':')
            && (text[0] == '[' || text.Count(letter => letter == '.') == 3)
                ? address
                : throw CommandException.BadValue(option, text, "an address and a port such as 127.0.0.1:9625 or [::1]:9625");
    }

    /// <summary>Whether the gate listens on a socket of the service manager's.</summary>
    public static bool IsHandedOver(string? milter) => milter == "systemd";

    /// <summary>Where the gate listens.</summary>
    public static EndPoint? Milter(string option, string? text)
    {
        if (text is null)
            return null;
        return MilterAddress.TryParse(text, out var address) && address is not IPEndPoint { Port: 0 }
            ? address
            : throw CommandException.BadValue(
                option, text, $"a socket such as unix:{MailGateOptions.UsualPath}, inet:8899@127.0.0.1, or systemd");
    }

    /// <summary>The socket of the helper that looks into processes; null where none is named.</summary>
    public static string? Sessions(string option, string? text)
    {
        if (text is null)
            return null;
        return text.StartsWith("unix:/", StringComparison.Ordinal) && !UnixSockets.IsTooLong(text["unix:".Length..]) && !text.Contains('\0')
            ? text["unix:".Length..]
            : throw CommandException.BadValue(option, text, "a socket such as unix:/run/blocksmtp-sessions.sock");
    }

    public static GateDenial Denial(string option, string? text) => text switch
    {
        null or "close" => GateDenial.Close,
        "alike" => GateDenial.Alike,
        _ => throw CommandException.BadValue(option, text, "close or alike"),
    };

    public static string DenialText(string option, string? text, string standard)
    {
        try
        {
            MilterReply.Of(421, "4.7.0", text ?? standard);
            return text ?? standard;
        }
        catch (ArgumentException)
        {
            throw CommandException.BadValue(option, text!, "one line of at most 480 printable ASCII characters");
        }
    }

    private static IPAddress Address(string option, string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':') || text.Count(letter => letter == '.') == 3) && !text.Contains('%')
        && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : throw CommandException.BadValue(option, text, "an IP address such as 192.0.2.25 or 2001:db8::25");

    /// <summary>The one word that a command takes.</summary>
    public static string One(IEnumerable<string> words, string command, string name) => words.ToArray() switch
    {
        [var word] => word,
        [] => throw new CommandException(
            ExitCode.Usage, $"{command}: {name} is missing: write blocksmtp {command} {name} (blocksmtp {command} --help)"),
        [_, var more, ..] =>
            throw new CommandException(ExitCode.Usage, $"{command}: '{Printable.Show(more)}' is one too many: name one {name} at a time"),
    };

    /// <summary>A host that is asked about.</summary>
    public static IPAddress Host(string name, string text) => !text.Contains('/') && NetworkText.TryParse(text, out var network)
        ? network.BaseAddress
        : throw new CommandException(
            ExitCode.Usage, $"{name}: '{Printable.Show(text)}' is not an IP address such as 192.0.2.25 or 2001:db8::25");

    /// <summary>A host or network that is asked about.</summary>
    public static IPNetwork Network(string name, string text) => NetworkText.TryParse(text, out var network)
        ? network
        : throw new CommandException(ExitCode.Usage, $"{name}: {NoNetwork(text)}");

    /// <summary>Hosts and networks, at least one.</summary>
    public static IReadOnlyList<IPNetwork> Networks(string name, IEnumerable<string> texts, string command)
    {
        var networks = texts.Select(text => NetworkText.TryParse(text, out var network)
            ? network
            : throw new CommandException(ExitCode.Usage, $"{command}: {NoNetwork(text)}")).ToArray();
        return networks.Length > 0
            ? networks
            : throw new CommandException(
                ExitCode.Usage, $"{command}: {name} is missing: write blocksmtp {command} {name} (blocksmtp {command} --help)");
    }

    private static string NoNetwork(string text)
    {
        var hint = NetworkText.Mistake(text) is { } mistake ? $": {mistake}" : " such as 192.0.2.25 or 2001:db8::/32";
        return $"'{Printable.Show(text)}' is not an address or network{hint}";
    }

    /// <summary>The white-list; the empty one where none is named.</summary>
    public static WhiteList LoadWhiteList(string? path)
    {
        if (Path("white-list", path) is null)
            return WhiteList.Empty;
        try
        {
            return WhiteList.Load(path!);
        }
        catch (WhiteListException e)
        {
            throw new CommandException(ExitCode.Config, e.Message) { Details = e.Details };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Of("white-list", ExitCode.NoInput, FileFailure.Describe(path!, e));
        }
    }
}
