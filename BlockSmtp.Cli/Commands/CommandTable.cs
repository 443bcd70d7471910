using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>All commands of the tool, in the order in which help lists them. The command line, the help, the manual pages and the shells' completion read this one list.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CliCommand> All { get; } =
    [
        CliCommand.Of<DaemonVerb>("daemon", DaemonCommand.RunAsync),
        CliCommand.Of<StatusVerb>("status", StatusCommand.RunAsync),
        CliCommand.Of<ListVerb>("list", ListCommand.RunAsync),
        CliCommand.Of<WhyVerb>("why", WhyCommand.RunAsync),
        CliCommand.Of<BlockVerb>("block", BlockCommand.RunAsync),
        CliCommand.Of<UnblockVerb>("unblock", UnblockCommand.RunAsync),
        CliCommand.Of<HistoryVerb>("history", HistoryCommand.RunAsync),
        CliCommand.Of<TopVerb>("top", TopCommand.RunAsync),
        CliCommand.Of<CheckVerb>("check", CheckCommand.RunAsync),
        CliCommand.Of<ReloadVerb>("reload", ReloadCommand.RunAsync),
        CliCommand.Of<ReplayVerb>("replay", ReplayCommand.RunAsync),
        CliCommand.Of<TuneVerb>("tune", TuneCommand.RunAsync),
        CliCommand.Of<CompletionVerb>("completion", CompletionCommand.RunAsync),
        CliCommand.Of<ManVerb>("man", ManCommand.RunAsync),
    ];

    /// <summary>What the program does when no command is named: the first one.</summary>
    public static CliCommand Default => All[0];

    public static CliCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>The command that a command line is of.</summary>
    public static CliCommand Of(string[] arguments) => (arguments is [var first, ..] ? Find(first) : null) ?? Default;
}
