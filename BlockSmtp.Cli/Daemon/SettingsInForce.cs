using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Daemon;

/// <summary>
/// What a running daemon goes by: what was set when it started, and of what a reload takes over, what the last one has read.
/// </summary>
internal static class SettingsInForce
{
    public static IReadOnlyDictionary<string, string> Of(Reload reload) =>
        Of(option => option.IsReloadable ? reload.Current.Verb : reload.Started.Verb);

    /// <summary>What is set now, which a start would go by.</summary>
    public static IReadOnlyDictionary<string, string> Of(DaemonVerb verb) => Of(_ => verb);

    private static Dictionary<string, string> Of(Func<CliOption, DaemonVerb> where)
    {
        Dictionary<string, string> settings = [];
        foreach (var option in CommandTable.Default.Options)
        {
            if (where(option) is var verb && option.IsSet(verb) && option.TextOf(verb) is { } text)
                settings[option.Name] = text;
        }

        return settings;
    }
}
