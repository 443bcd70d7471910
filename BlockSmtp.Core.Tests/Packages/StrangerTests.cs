using System.Text.RegularExpressions;
using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>
/// Somebody who has the packages and docs/library.md, and does what it says, from its first line to its last, in a folder where
/// nothing else says where they are.
/// </summary>
public sealed class StrangerTests
{
    // That of the tool, which takes packages that another test makes, is run there.
    [Test, RunsCommandsOf("docs/library.md", "A program that blocks"),
     RunsCommandsOf("docs/library.md", "Facts from elsewhere, and a policy for networks"),
     RunsCommandsOf("docs/library.md", "Does the firewall do what it must?")]
    public async Task What_the_page_says_can_be_done()
    {
        using var temporary = new TemporaryFolder();
        var folder = Directory.CreateDirectory(temporary["stranger"]).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, "packages"), Workspace.Feed);
        string[] prefix = [.. Workspace.Prefix(folder), $"NUGET_PACKAGES={Workspace.MakePackageFolder(temporary["restored"])}"];
        var blocks = Page.Find("docs/library.md").Blocks.Where(block => block.Heading != "The tool").ToList();
        var printed = "";
        foreach (var (block, next) in blocks.Zip(blocks.Skip(1).Append(null)))
        {
            if (block.File is { } file)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
                File.WriteAllText(Path.Combine(folder, file), block.Text);
            }
            else if (block.HasCommands && next is { Language: "text", File: null })
            {
                await RunUntilItSays(DocumentedCommands.Of(block), prefix, next.Text);
            }
            else if (block.HasCommands)
            {
                printed = DocumentedCommands.Of(block).Run(prefix);
            }
        }

        File.ReadAllText(Path.Combine(folder, "bans.txt")).Should().Be("203.0.113.77/32\n");
        printed.Should().MatchRegex(
            "Failed: +0, Passed: +[23][0-9], Skipped: +0", "the last thing that the page does is to try the firewall with the kit");
    }

    private static async Task RunUntilItSays(DocumentedCommands commands, string[] prefix, string output)
    {
        await using var program = commands.Start(prefix);
        await program.UntilItSays(Regex.Escape(output.TrimEnd('\n')));
        // dotnet run hands it on.
        (await program.InterruptAsync()).Should().Be(0);
    }
}
