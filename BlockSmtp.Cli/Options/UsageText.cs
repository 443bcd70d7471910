using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Says in one line what is wrong with a command line, and what would be right.</summary>
internal static class UsageText
{
    public static string Describe(Error error, string[] arguments) => error switch
    {
        UnknownOptionError unknown => Unknown(unknown.Token, arguments),
        BadFormatConversionError bad => $"--{bad.NameInfo.LongName}: its value is not one it takes (blocksmtp --help)",
        BadFormatTokenError bad => $"'{bad.Token}' is not an option: options are written --name=value (blocksmtp --help)",
        RepeatedOptionError repeated => $"--{repeated.NameInfo.LongName} is given more than once: give it once",
        BadVerbSelectedError bad => $"'{bad.Token}' is not a command: there are 'daemon' (the default) and 'replay' (blocksmtp --help)",
        NamedError named => $"--{named.NameInfo.LongName} is not right here ({named.Tag}): see blocksmtp --help",
        _ => $"the command line is not right ({error.Tag}): see blocksmtp --help",
    };

    /// <summary>
    /// Says which option lacks its value, or has one that it does not take; null when none does. CommandLineParser lets a
    /// last option without a value pass, and does not say which one has an empty one.
    /// </summary>
    public static string? FindMissingValue(string[] arguments)
    {
        var options = HelpPage.Options(IsReplay(arguments) ? typeof(ReplayVerb) : typeof(DaemonVerb)).ToDictionary(option => option.LongName);
        for (var i = 0; i < arguments.Length && arguments[i] != "--"; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal) || !options.TryGetValue(parts[0][2..], out var option))
                continue;
            if (string.IsNullOrEmpty(option.MetaValue))
            {
                if (parts.Length == 2)
                    return $"{parts[0]} takes no value, but has '{parts[1]}': write {parts[0]}";
            }
            else if (parts.Length == 2 ? parts[1].Length == 0 : i + 1 == arguments.Length || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                return $"{parts[0]} has no value: write {parts[0]}={option.MetaValue}";
            }
        }

        return null;
    }

    private static bool IsReplay(string[] arguments) => arguments is ["replay", ..];

    private static string Unknown(string token, string[] arguments)
    {
        var names = HelpPage.OptionNames(IsReplay(arguments) ? typeof(ReplayVerb) : typeof(DaemonVerb));
        var near = names.MinBy(name => Distance(name, token));
        var hint = near is not null && Distance(near, token) <= Math.Max(2, token.Length / 3) ? $"did you mean --{near}?" : "blocksmtp --help lists the options";
        return $"unknown option --{token}: {hint}";
    }

    /// <summary>How many letters must be put in, taken out or changed to get from one word to the other (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var change = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
