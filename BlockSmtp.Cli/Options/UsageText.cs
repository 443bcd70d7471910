using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Says in one line what is wrong with a command line, and what would be right.</summary>
internal static class UsageText
{
    public static string Describe(Error error, string[] arguments) => error switch
    {
        UnknownOptionError unknown => Unknown(unknown.Token, arguments),
        MissingValueOptionError missing => $"--{missing.NameInfo.LongName} has no value: write --{missing.NameInfo.LongName}={MetaValueOf(missing.NameInfo.LongName)}",
        BadFormatConversionError bad => $"--{bad.NameInfo.LongName}: its value is not one it takes (blocksmtp --help)",
        BadFormatTokenError bad => $"'{bad.Token}' is not an option: options are written --name=value (blocksmtp --help)",
        RepeatedOptionError repeated => $"--{repeated.NameInfo.LongName} is given more than once: give it once",
        BadVerbSelectedError bad => $"'{bad.Token}' is not a command: there are 'daemon' (the default) and 'replay' (blocksmtp --help)",
        NamedError named => $"--{named.NameInfo.LongName} is not right here ({named.Tag}): see blocksmtp --help",
        _ => $"the command line is not right ({error.Tag}): see blocksmtp --help",
    };

    private static string Unknown(string token, string[] arguments)
    {
        var names = HelpPage.OptionNames(arguments.Contains("replay") ? typeof(ReplayVerb) : typeof(DaemonVerb));
        var near = names.MinBy(name => Distance(name, token));
        var hint = near is not null && Distance(near, token) <= Math.Max(2, token.Length / 3) ? $"did you mean --{near}?" : "blocksmtp --help lists the options";
        return $"unknown option --{token}: {hint}";
    }

    private static string MetaValueOf(string option) =>
        HelpPage.Options(typeof(DaemonVerb)).Concat(HelpPage.Options(typeof(ReplayVerb))).FirstOrDefault(known => known.LongName == option)?.MetaValue ?? "VALUE";

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
