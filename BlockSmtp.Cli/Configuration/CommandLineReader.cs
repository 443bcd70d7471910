using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using BlockSmtp.Cli.Options;
using CommandLine;

namespace BlockSmtp.Cli.Configuration;

/// <summary>Reads the command line: what to run with its options, or the help text that was asked for.</summary>
internal static class CommandLineReader
{
    public static string Version =>
        typeof(CommandLineReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "";

    /// <returns>A verb, or a text to print.</returns>
    /// <exception cref="CommandException">The command line is wrong.</exception>
    // The options of the verbs themselves are rooted by CliCommand, those that they inherit here.
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(DetectionVerb))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(LogsVerb))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ConfiguredVerb))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ControlVerb))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(StoredVerb))]
    public static object Read(string[] arguments)
    {
        if (arguments is ["--version"] or ["version"])
            return $"blocksmtp {Version}";
        if (arguments.Contains("--help") || arguments.Contains("-h") || arguments is ["help", ..])
            return HelpPage.For(arguments.Select(CommandTable.Find).FirstOrDefault(named => named is not null) ?? CommandTable.Default);

        var command = CommandTable.Of(arguments);
        var typed = arguments;
        arguments = OptionalValue.Write(arguments, command);
        if (UsageText.FindMissingValue(arguments, command) is { } missing)
            throw new CommandException(ExitCode.Usage, missing);
        using var parser = new Parser(settings =>
        {
            settings.AutoHelp = false;
            settings.AutoVersion = false;
            settings.HelpWriter = null;
            settings.AllowMultiInstance = true;
        });
        // Said by name: CommandLineParser forgets AllowMultiInstance for a verb that it takes by default.
        var rest = arguments is [var first, ..] && first == command.Name ? arguments[1..] : arguments;
        rest = FilesFirst(command, rest, out var files);
        // CommandLineParser passes them over.
        if (!command.IsDefault && command.Operands.Count == 0 && files.Count > 0)
            throw new CommandException(ExitCode.Usage, UsageText.TakesNo(files[0], command));
        var result = parser.ParseArguments(rest, command.Verb);
        if (result.Errors.FirstOrDefault() is { } error)
            throw new CommandException(ExitCode.Usage, UsageText.Describe(error, command));
        if (result.Value is DaemonVerb daemon && daemon.Rest.FirstOrDefault() is { } word)
            throw new CommandException(ExitCode.Usage, UsageText.NoCommand(word));
        if (result.Value is ConfiguredVerb configured)
        {
            configured.Arguments = typed;
            ConfigurationLayers.Apply(command, configured);
        }

        return result.Value;
    }

    /// <summary>
    /// Puts the words that belong to no option right behind the command: CommandLineParser gives an option that may be
    /// repeated every word that follows it.
    /// </summary>
    private static string[] FilesFirst(CliCommand command, string[] arguments, out List<string> files)
    {
        var valued = command.Options.Where(option => !option.IsFlag).Select(option => $"--{option.Name}").ToHashSet();
        List<string> options = [];
        files = [];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--")
            {
                files.AddRange(arguments[(i + 1)..]);
                break;
            }

            var isFile = arguments[i] == "-" || !arguments[i].StartsWith('-');
            (isFile ? files : options).Add(arguments[i]);
            if (valued.Contains(arguments[i]) && i + 1 < arguments.Length)
                options.Add(arguments[++i]);
        }

        return files.Exists(file => file.Length > 1 && file[0] == '-')
            ? [command.Name, .. options, "--", .. files]
            : [command.Name, .. files, .. options];
    }
}
