using BlockSmtp.Cli.Commands;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Says in one line what is wrong with a command line, and what would be right.</summary>
internal static class UsageText
{
    public static string Describe(Error error, CliCommand command) => error switch
    {
        UnknownOptionError unknown => Unknown(unknown.Token, command),
        BadFormatConversionError bad => $"--{bad.NameInfo.LongName}: its value is not one it takes ({Help(command)})",
        BadFormatTokenError bad => $"'{bad.Token}' is not an option: options are written --name=value ({Help(command)})",
        RepeatedOptionError repeated => $"--{repeated.NameInfo.LongName} is given more than once: give it once",
        BadVerbSelectedError bad => NoCommand(bad.Token),
        NamedError named => $"--{named.NameInfo.LongName} is not right here ({named.Tag}): see {Help(command)}",
        _ => $"the command line is not right ({error.Tag}): see {Help(command)}",
    };

    public static string NoCommand(string word)
    {
        var names = CommandTable.All.Select(command => command.IsDefault ? $"{command.Name} (the default)" : command.Name);
        var lower = word.ToLowerInvariant();
        var hint = (
            SynonymOf(lower) ?? NearestWord.Find(lower, CommandTable.All.Select(command => command.Name))) is { } near
                ? $"did you mean '{near}'? " : "";
        return $"'{word}' is not a command: {hint}there are {string.Join(", ", names)} (blocksmtp --help)";
    }

    /// <summary>Says that a command takes no such word.</summary>
    public static string TakesNo(string word, CliCommand command)
    {
        var why = NetworkText.TryParse(word, out _) ? $"'blocksmtp why {word}' tells of one, " : "";
        return $"{command.Name}: it takes no '{word}': {why}{Help(command)} lists what it takes";
    }

    /// <summary>
    /// Says which option lacks its value, or has one that it does not take; null when none does. CommandLineParser lets a
    /// last option without a value pass, and does not say which one has an empty one.
    /// </summary>
    public static string? FindMissingValue(string[] arguments, CliCommand command)
    {
        var options = command.Options.ToDictionary(option => option.Name);
        for (var i = 0; i < arguments.Length && arguments[i] != "--"; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal) || !options.TryGetValue(parts[0][2..], out var option))
                continue;
            if (option.IsFlag)
            {
                if (parts.Length == 2)
                    return $"{parts[0]} takes no value, but has '{parts[1]}': write {parts[0]}";
            }
            else if (parts.Length == 2
                ? parts[1].Length == 0
                : i + 1 == arguments.Length || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                return $"{parts[0]} has no value: write {parts[0]}={option.MetaValue}";
            }
        }

        return null;
    }

    private static string Help(CliCommand command) => command.IsDefault ? "blocksmtp --help" : $"blocksmtp {command.Name} --help";

    private static string Unknown(string token, CliCommand command)
    {
        var near = token.ToLowerInvariant() switch
        {
            "v" => "version",
            "h" or "?" => "help",
            var word => NearestWord.Find(word, command.Options.Select(option => option.Name)),
        };
        var hint = near is null ? $"{Help(command)} lists the options" : $"did you mean --{near}?";
        return $"unknown option {(token.Length == 1 ? "-" : "--")}{token}: {hint}";
    }

    /// <summary>What fail2ban-client, firewalls and other tools call it.</summary>
    private static string? SynonymOf(string word) => word switch
    {
        "ban" or "banip" or "deny" or "drop" or "add" => "block",
        "unban" or "unbanip" or "allow" or "release" or "del" or "delete" or "remove" => "unblock",
        "banned" or "ls" or "show" or "blocks" => "list",
        "explain" => "why",
        "log" => "history",
        "test" => "check",
        "watch" => "top",
        "report" => "replay",
        "stats" => "status",
        "start" or "run" => "daemon",
        _ => null,
    };
}
