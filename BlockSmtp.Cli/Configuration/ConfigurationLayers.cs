using BlockSmtp.Cli.Commands;
using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Configuration;

/// <summary>
/// Puts what the configuration file and the environment say under what the command line says: the values become the same
/// texts, which the same code checks.
/// </summary>
internal static class ConfigurationLayers
{
    private const string Prefix = "BLOCKSMTP_";

    /// <summary>The options that a configuration may set: those of the daemon. A command takes the ones that it has.</summary>
    public static IReadOnlyList<CliOption> Known { get; } = [.. CommandTable.Default.Options.Where(option => option.Name != "config")];

    /// <exception cref="CommandException">The file or a variable is not right.</exception>
    public static void Apply(CliCommand command, ConfiguredVerb verb)
    {
        foreach (var option in command.Options.Where(option => option.IsSet(verb)))
            verb.Origins[option.Name] = SettingOrigin.CommandLine;
        if (verb.Config is null && verb.ReadsConfiguration == ConfigurationUse.OnlyWhenNamed)
            return;
        Fill(command, verb, Environment());
        // A command that only asks the daemon does its work though the file has an error: it may be just then that one asks.
        try
        {
            if (FindFile(verb) is { } path)
                Fill(command, verb, File(path));
        }
        catch (CommandException e) when (verb.ReadsConfiguration == ConfigurationUse.Lenient && verb.Config is null)
        {
            Console.Error.WriteLine($"blocksmtp: without the configuration, as {e.Message}");
        }
    }

    private static string? FindFile(ConfiguredVerb verb) =>
        verb.Config is not null ? OptionValue.Path("config", verb.Config)
        : System.IO.File.Exists(ConfigurationFile.Usual) ? ConfigurationFile.Usual : null;

    private static void Fill(
        CliCommand command, ConfiguredVerb verb, IEnumerable<(string Name, string Value, SettingOrigin Origin)> settings)
    {
        foreach (var (name, value, origin) in settings)
        {
            if (command.Options.FirstOrDefault(option => option.Name == name) is not { } option || verb.Origins.ContainsKey(option.Name))
                continue;
            verb.Origins[option.Name] = origin;
            if (!option.TrySet(verb, value))
                throw verb.Locate(CommandException.BadValue(option.Name, value, "yes or no"));
        }
    }

    private static IEnumerable<(string Name, string Value, SettingOrigin Origin)> File(string path)
    {
        var file = ConfigurationFile.Load(path);
        foreach (var (key, value) in file.Values.OrderBy(pair => file.OriginOf(pair.Key).Place, StringComparer.Ordinal))
        {
            var name = Known.FirstOrDefault(option => option.Name.Equals(key, StringComparison.OrdinalIgnoreCase))?.Name;
            if (name is null)
                throw new CommandException(
                    ExitCode.Config,
                    $"{file.OriginOf(key).Place}: unknown key {Printable.Show(key)}: {Hint(key.ToLowerInvariant(), near => near)}");
            yield return (name, value ?? "", file.OriginOf(key));
        }
    }

    /// <summary>Variables that only look like options are other programs'; those that nearly are options are mistyped.</summary>
    private static IEnumerable<(string Name, string Value, SettingOrigin Origin)> Environment()
    {
        foreach (System.Collections.DictionaryEntry pair in System.Environment.GetEnvironmentVariables())
        {
            if (pair is not { Key: string variable, Value: string value } || !variable.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var name = variable[Prefix.Length..].Replace('_', '-').ToLowerInvariant();
            if (Known.Any(option => option.Name == name))
                yield return (name, value, new SettingOrigin(variable));
            else if (NearestWord.Find(name, Known.Select(option => option.Name)) is not null)
                throw new CommandException(
                    ExitCode.Config, $"unknown variable {Printable.Show(variable)} in the environment: {Hint(name, NameOfVariable)}");
        }
    }

    public static string NameOfVariable(string option) => Prefix + option.Replace('-', '_').ToUpperInvariant();

    private static string Hint(string name, Func<string, string> write) =>
        NearestWord.Find(name, Known.Select(option => option.Name)) is { } near
            ? $"did you mean {write(near)}?"
            : "blocksmtp --help lists the options";
}
