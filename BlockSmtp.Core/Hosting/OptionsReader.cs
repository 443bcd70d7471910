using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace BlockSmtp.Hosting;

/// <summary>
/// Reads the options from a configuration. Not with the general binder: to it <c>900</c> is a duration of 900 days, a host bit in a
/// network is an error, and a key that is mistyped is none.
/// </summary>
internal static class OptionsReader
{
    private delegate bool Parse<T>(string text, out T value);

    /// <summary>
    /// Fills the options with what the configuration has; what cannot be read is noted in <see cref="BlockSmtpOptions.Unreadable"/>.
    /// </summary>
    public static void Read(IConfiguration configuration, BlockSmtpOptions options)
    {
        options.Prefix = configuration is IConfigurationSection { Path: var path } ? path + ConfigurationPath.KeyDelimiter : "";
        foreach (var section in configuration.GetChildren())
            Read(section, options);
    }

    private static void Read(IConfigurationSection section, BlockSmtpOptions options)
    {
        switch (section.Key.ToUpperInvariant())
        {
            case "LOGFILE": options.LogFile = section.Value; break;
            case "FROMSTART": options.FromStart = One(section, options, bool.TryParse, options.FromStart, Flag); break;
            case "MAILER": options.Mailer = One(section, options, Server, options.Mailer, "Auto, Sendmail, Postfix or Exim"); break;
            case "SYSLOGNAMES": options.SyslogNames = All<string>(section, options, Text, Words); break;
            case "SYSLOGHOST": options.SyslogHost = section.Value; break;
            case "POLICY": options.Policy = One(section, options, Rule, options.Policy, "Balance or Count"); break;
            case "COUNTPROBES": options.CountProbes = One(section, options, bool.TryParse, options.CountProbes, Flag); break;
            case "MAXEMPTYTRANSACTIONS":
                options.MaxEmptyTransactions = One(section, options, Number, options.MaxEmptyTransactions, Whole);
                break;
            case "MAXOFFENSES": options.MaxOffenses = One(section, options, Number, options.MaxOffenses, Whole); break;
            case "OFFENSEWINDOW":
                options.OffenseWindow = One(section, options, DurationText.TryParse, options.OffenseWindow, Duration);
                break;
            case "BLOCKTIME": options.BlockTime = One(section, options, DurationText.TryParse, options.BlockTime, Duration); break;
            case "WHITELIST": options.WhiteList = All<IPNetwork>(section, options, Network, "a network, such as 192.0.2.0/24"); break;
            case "WHITELISTFILE": options.WhiteListFile = section.Value; break;
            case "MAILERADDRESSES": options.MailerAddresses = All<IPAddress>(section, options, IPAddress.TryParse!, "an IP address"); break;
            case "MAILERPORTS": options.MailerPorts = All<int>(section, options, Number, "a port, 1 to 65535"); break;
            case "FIREWALL":
                options.Firewall = One(section, options, Backend, options.Firewall, "Iptables, Nftables, Ipset or DryRun");
                break;
            case "CHAINNAME": options.ChainName = section.Value ?? ""; break;
            case "TABLENAME": options.TableName = section.Value ?? ""; break;
            case "FINDPEERS": options.FindPeers = One(section, options, bool.TryParse, options.FindPeers, Flag); break;
            case "ENDSESSIONS": options.EndSessions = One(section, options, bool.TryParse, options.EndSessions, Flag); break;
            case "MAXCMDREAD": options.MaxCmdRead = One(section, options, DurationText.TryParse, options.MaxCmdRead, Duration); break;
            case "MAXSTALL": options.MaxStall = One(section, options, DurationText.TryParse, options.MaxStall, Duration); break;
            case "COMPAREINTERVAL":
                options.CompareInterval = One(section, options, DurationText.TryParse, options.CompareInterval, Duration);
                break;
            case "KEEPRULES": options.KeepRules = One(section, options, bool.TryParse, options.KeepRules, Flag); break;
            case "KEEPRECIPIENTS": options.KeepRecipients = One(section, options, bool.TryParse, options.KeepRecipients, Flag); break;
            default:
                options.Unreadable.Add(
                    $"{section.Path}: there is no such setting: write it as a property of {nameof(BlockSmtpOptions)}, or take it out");
                break;
        }
    }

    private const string Flag = "true or false";
    private const string Whole = "a whole number";
    private const string Duration = "a duration: 90s, 15m, 3h or 2d";
    private const string Words = "a name";

    private static T One<T>(IConfigurationSection section, BlockSmtpOptions options, Parse<T> parse, T otherwise, string expected)
    {
        if (section.Value is { } text && parse(text.Trim(), out var value))
            return value;
        options.Unreadable.Add($"{section.Path}: '{section.Value}' cannot be read: write {expected}");
        return otherwise;
    }

    private static List<T> All<T>(IConfigurationSection section, BlockSmtpOptions options, Parse<T> parse, string expected)
    {
        var texts = section.Value is { } line
            ? line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
                (section.Path, Text: (string?)text))
            : section.GetChildren().Select(child => (child.Path, Text: child.Value));
        List<T> values = [];
        foreach (var (path, text) in texts)
        {
            if (text is not null && parse(text.Trim(), out var value))
                values.Add(value);
            else
                options.Unreadable.Add($"{path}: '{text}' cannot be read: write {expected}");
        }

        return values;
    }

    private static bool Text(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    private static bool Number(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool Network(string text, out IPNetwork value) => NetworkText.TryParse(text, out value);

    private static bool Rule(string text, out PolicyRule value) =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && char.IsAsciiLetter(text[0]);

    private static bool Server(string text, out Mailer value) =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && char.IsAsciiLetter(text[0]);

    private static bool Backend(string text, out FirewallBackend value) =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && char.IsAsciiLetter(text[0]);
}
