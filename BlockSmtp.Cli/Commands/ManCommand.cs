using BlockSmtp.Cli.Options;
using BlockSmtp.Cli.Output;

namespace BlockSmtp.Cli.Commands;

/// <summary>Prints a manual page.</summary>
internal static class ManCommand
{
    public static Task<int> RunAsync(ManVerb verb)
    {
        Console.Out.Write(OptionValue.One(verb.Sections, "man", "SECTION") switch
        {
            "8" => ManualPage.Tool(),
            "5" => ManualPage.Configuration(),
            var other => throw new CommandException(
                ExitCode.Usage, $"man: there is no page in section '{Printable.Show(other)}': there are 8 and 5"),
        });
        return Task.FromResult(ExitCode.Ok);
    }
}
