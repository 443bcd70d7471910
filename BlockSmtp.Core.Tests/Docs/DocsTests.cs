using System.Text.RegularExpressions;
using BlockSmtp.Cli.Options;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>The pages say what is so.</summary>
public sealed partial class DocsTests
{
    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")]
    private static partial Regex Links { get; }

    [GeneratedRegex(@"--[a-z][a-z0-9-]+")]
    private static partial Regex OptionNames { get; }

    private static IEnumerable<string> Commands() => CommandTable.All.Select(command => command.Name);

    [Test]
    public void Every_link_between_pages_leads_somewhere()
    {
        foreach (var page in Page.All)
        {
            foreach (Match link in Links.Matches(page.Text))
            {
                var target = Path.Combine(Path.GetDirectoryName(page.File)!, link.Groups[1].Value);
                Path.Exists(target).Should().BeTrue($"{page.Name} links to {link.Groups[1].Value}");
            }
        }
    }

    [TestCaseSource(nameof(Commands))]
    public void Every_command_and_option_is_on_the_page_about_usage(string verb)
    {
        var usage = Page.Find("docs/usage.md").Text;
        usage.Should().Contain($"\n{CommandTable.Find(verb)!.Usage}");
        var help = Tool.Run(verb, "--help").Output;
        foreach (var option in OptionNames.Matches(help).Select(match => match.Value).Distinct().Except(["--help", "--version"]))
            usage.Should().MatchRegex($@"\| `{option}(=[A-Z:]+|\[=[A-Z]+\])?` \|", $"{option} is an option");
    }

    [Test]
    public void No_page_names_an_option_that_does_not_exist()
    {
        var help = string.Concat(CommandTable.All.Select(command => Tool.Run(command.Name, "--help").Output));
        var known = OptionNames.Matches(help).Select(match => match.Value).Append("--name").ToHashSet();
        foreach (var page in new[]
        {
            "README.md", "docs/usage.md", "docs/configuration.md", "docs/control.md", "docs/how-it-works.md", "docs/firewalls.md"
        })
        {
            var text = Page.Find(page).Text;
            foreach (Match use in Regex.Matches(text, @"blocksmtp[^\n`]*|`(--[a-z-]+)[^`]*`"))
            {
                foreach (Match option in OptionNames.Matches(use.Value))
                    known.Should().Contain(option.Value, page);
            }
        }
    }

    [Test]
    public void The_readme_begins_with_two_commands_that_are_there()
    {
        foreach (var command in new[] { "samples/demo", "eng/test" })
        {
            Page.Find("README.md").Text.Should().Contain($"\n{command} ");
            Command.Try("test", "-x", Path.Combine(Repository.Root, command)).ExitCode.Should().Be(0, $"{command} can be run");
        }
    }
}
