using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Prints a script that completes this command in a shell.</summary>
internal static class CompletionCommand
{
    public static Task<int> RunAsync(CompletionVerb verb)
    {
        Console.Out.Write(OptionValue.One(verb.Shells, "completion", "SHELL") switch
        {
            "bash" => BashCompletion.Text(CommandTable.All),
            "zsh" => ZshCompletion.Text(CommandTable.All),
            var other => throw new CommandException(
                ExitCode.Usage, $"completion: '{Printable.Show(other)}' is not a shell that it knows: there are bash and zsh"),
        });
        return Task.FromResult(ExitCode.Ok);
    }
}
