using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>All commands of the tool, in the order in which help lists them. The command line, the help, the manual pages and the shells' completion read this one list.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CliCommand> All { get; } =
    [
        CliCommand.Of<DaemonVerb>(DaemonCommand.RunAsync),
        CliCommand.Of<ReplayVerb>(ReplayCommand.RunAsync),
    ];

    public static CliCommand Default { get; } = All.Single(command => command.IsDefault);

    public static CliCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>The command that a command line is of.</summary>
    public static CliCommand Of(string[] arguments) => (arguments is [var first, ..] ? Find(first) : null) ?? Default;
}
