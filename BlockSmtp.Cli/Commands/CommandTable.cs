using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>All commands of the tool, in the order in which help lists them. The command line, the help, the manual pages and the shells' completion read this one list.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CliCommand> All { get; } =
    [
        CliCommand.Of<DaemonVerb>(DaemonCommand.RunAsync),
        CliCommand.Of<StatusVerb>(StatusCommand.RunAsync),
        CliCommand.Of<ListVerb>(ListCommand.RunAsync),
        CliCommand.Of<WhyVerb>(WhyCommand.RunAsync),
        CliCommand.Of<BlockVerb>(BlockCommand.RunAsync),
        CliCommand.Of<UnblockVerb>(UnblockCommand.RunAsync),
        CliCommand.Of<HistoryVerb>(HistoryCommand.RunAsync),
        CliCommand.Of<TopVerb>(TopCommand.RunAsync),
        CliCommand.Of<CheckVerb>(CheckCommand.RunAsync),
        CliCommand.Of<ReloadVerb>(ReloadCommand.RunAsync),
        CliCommand.Of<ReplayVerb>(ReplayCommand.RunAsync),
        CliCommand.Of<CompletionVerb>(CompletionCommand.RunAsync),
        CliCommand.Of<ManVerb>(ManCommand.RunAsync),
    ];

    public static CliCommand Default { get; } = All.Single(command => command.IsDefault);

    public static CliCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>The command that a command line is of.</summary>
    public static CliCommand Of(string[] arguments) => (arguments is [var first, ..] ? Find(first) : null) ?? Default;
}
