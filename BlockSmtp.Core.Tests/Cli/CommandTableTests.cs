using System.Reflection;
using BlockSmtp.Cli.Options;
using CommandLine;

namespace BlockSmtp.Tests.Cli;

/// <summary>The list of commands says of each what its verb says.</summary>
public sealed class CommandTableTests
{
    [Test]
    public void Each_command_has_the_name_of_its_verb() =>
        CommandTable.All.Select(command => command.Name)
            .Should().Equal(CommandTable.All.Select(command => command.Verb.GetCustomAttribute<VerbAttribute>()!.Name));

    [Test]
    public void The_help_of_each_fits_a_terminal_that_nobody_has_widened()
    {
        foreach (var command in CommandTable.All)
            HelpPage.For(command).Split('\n').Where(line => line.Length > 80).Should().BeEmpty(command.Name);
    }

    [Test]
    public void The_first_command_and_no_other_is_the_default() =>
        CommandTable.All.Where(command => command.IsDefault).Should().Equal(CommandTable.All[0]);
}
