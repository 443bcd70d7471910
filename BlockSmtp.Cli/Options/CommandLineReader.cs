using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CommandLine;

namespace BlockSmtp.Cli.Options;

/// <summary>Reads the command line: what to run with its options, or the help text that was asked for.</summary>
internal static class CommandLineReader
{
    /// <returns>A verb, or a text to print.</returns>
    /// <exception cref="CommandException">The command line is wrong.</exception>
    // CommandLineParser looks the options up by reflection, which trimming must leave something to find.
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(DetectionVerb))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(DaemonVerb))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ReplayVerb))]
    public static object Read(string[] arguments)
    {
        if (arguments is ["--version"] or ["version"])
            return $"blocksmtp {Version}";
        if (arguments is ["help"])
            return HelpPage.For<DaemonVerb>();
        if (arguments.Contains("--help") || arguments is ["help", ..] || arguments.Contains("-h"))
            return arguments.Contains("replay") ? HelpPage.For<ReplayVerb>() : HelpPage.For<DaemonVerb>();

        if (UsageText.FindMissingValue(arguments) is { } missing)
            throw new CommandException(ExitCode.Usage, missing);
        using var parser = new Parser(settings =>
        {
            settings.AutoHelp = false;
            settings.AutoVersion = false;
            settings.HelpWriter = null;
            settings.AllowMultiInstance = true;
        });
        // Said by name: CommandLineParser forgets AllowMultiInstance for a verb that it takes by default.
        if (arguments is not ["daemon" or "replay", ..])
            arguments = ["daemon", .. arguments];
        var result = parser.ParseArguments(FilesFirst(arguments), typeof(DaemonVerb), typeof(ReplayVerb));
        if (result.Errors.FirstOrDefault() is { } error)
            throw new CommandException(ExitCode.Usage, UsageText.Describe(error, arguments));
        if (result.Value is DaemonVerb daemon && daemon.Rest.FirstOrDefault() is { } word)
            throw new CommandException(ExitCode.Usage, $"'{word}' is not a command: there are 'daemon' (the default) and 'replay' (blocksmtp --help)");
        return result.Value;
    }

    /// <summary>
    /// Puts the words that belong to no option right behind the command: CommandLineParser gives an option that may be
    /// repeated every word that follows it.
    /// </summary>
    private static string[] FilesFirst(string[] arguments)
    {
        var valued = HelpPage.Options(arguments[0] == "replay" ? typeof(ReplayVerb) : typeof(DaemonVerb))
            .Where(option => !string.IsNullOrEmpty(option.MetaValue)).Select(option => $"--{option.LongName}").ToHashSet();
        List<string> files = [], options = [];
        for (var i = 1; i < arguments.Length; i++)
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

        return files.Exists(file => file.Length > 1 && file[0] == '-') ? [arguments[0], .. options, "--", .. files] : [arguments[0], .. files, .. options];
    }

    private static string Version =>
        typeof(CommandLineReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
