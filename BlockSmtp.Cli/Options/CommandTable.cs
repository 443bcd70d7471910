namespace BlockSmtp.Cli.Options;

/// <summary>
/// All commands of the tool, in the order in which help lists them. The command line, the help, the manual pages and the shells'
/// completion read this one list.
/// </summary>
internal static class CommandTable
{
    public static IReadOnlyList<CliCommand> All { get; } =
    [
        CliCommand.Of<DaemonVerb>("daemon"),
        CliCommand.Of<StatusVerb>("status"),
        CliCommand.Of<ListVerb>("list"),
        CliCommand.Of<WhyVerb>("why"),
        CliCommand.Of<BlockVerb>("block"),
        CliCommand.Of<UnblockVerb>("unblock"),
        CliCommand.Of<HistoryVerb>("history"),
        CliCommand.Of<FleetVerb>("fleet"),
        CliCommand.Of<TopVerb>("top"),
        CliCommand.Of<CheckVerb>("check"),
        CliCommand.Of<ReloadVerb>("reload"),
        CliCommand.Of<ResolveVerb>("resolve"),
        CliCommand.Of<SessionsVerb>("sessions"),
        CliCommand.Of<ReplayVerb>("replay"),
        CliCommand.Of<TuneVerb>("tune"),
        CliCommand.Of<ScoreVerb>("score"),
        CliCommand.Of<CompletionVerb>("completion"),
        CliCommand.Of<ManVerb>("man"),
    ];

    /// <summary>What the program does when no command is named: the first one.</summary>
    public static CliCommand Default => All[0];

    public static CliCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>The command that a command line is of.</summary>
    public static CliCommand Of(string[] arguments) => (arguments is [var first, ..] ? Find(first) : null) ?? Default;
}
