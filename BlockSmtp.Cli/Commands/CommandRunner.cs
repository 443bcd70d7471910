using BlockSmtp.Cli.Options;

namespace BlockSmtp.Cli.Commands;

/// <summary>What runs each command of the <see cref="CommandTable"/>.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a command.</summary>
    /// <param name="verb">Its options.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It could not be done, or an option is wrong; it says where that stands.</exception>
    public static async Task<int> RunAsync(object verb)
    {
        try
        {
            return await Of(verb);
        }
        catch (CommandException e) when (verb is ConfiguredVerb configured)
        {
            throw configured.Locate(e);
        }
    }

    private static Task<int> Of(object verb) => verb switch
    {
        CheckVerb check => CheckCommand.RunAsync(check),
        DaemonVerb daemon => DaemonCommand.RunAsync(daemon),
        StatusVerb status => StatusCommand.RunAsync(status),
        ListVerb list => ListCommand.RunAsync(list),
        WhyVerb why => WhyCommand.RunAsync(why),
        BlockVerb block => BlockCommand.RunAsync(block),
        UnblockVerb unblock => UnblockCommand.RunAsync(unblock),
        HistoryVerb history => HistoryCommand.RunAsync(history),
        FleetVerb fleet => FleetCommand.RunAsync(fleet),
        TopVerb top => TopCommand.RunAsync(top),
        ReloadVerb reload => ReloadCommand.RunAsync(reload),
        ResolveVerb resolve => ResolveCommand.RunAsync(resolve),
        SessionsVerb sessions => SessionsCommand.RunAsync(sessions),
        ReplayVerb replay => ReplayCommand.RunAsync(replay),
        TuneVerb tune => TuneCommand.RunAsync(tune),
        ScoreVerb score => ScoreCommand.RunAsync(score),
        CompletionVerb completion => CompletionCommand.RunAsync(completion),
        ManVerb man => ManCommand.RunAsync(man),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "no command has such options"),
    };
}
