using System.Text.RegularExpressions;
using BlockSmtp.Tests.Docs;

namespace BlockSmtp.Tests.Packages;

/// <summary>Somebody who has the packages and docs/library.md, and does what it says, from its first line to its last.</summary>
public sealed class StrangerTests
{
    [Test, RunsCommandsOf("docs/library.md")]
    public async Task What_the_page_says_can_be_done()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Workspace.Path, "stranger")).FullName;
        var blocks = Page.Find("docs/library.md").Blocks;
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
                await RunUntilItSays(DocumentedCommands.Of(block), folder, next.Text);
            }
            else if (block.HasCommands)
            {
                printed = DocumentedCommands.Of(block).Run(Workspace.Prefix(folder));
            }
        }

        File.ReadAllText(Path.Combine(folder, "bans.txt")).Should().Be("203.0.113.77/32\n");
        printed.Should().MatchRegex("Failed: +0, Passed: +[23][0-9], Skipped: +0", "the last thing that the page does is to try the firewall with the kit");
    }

    private static async Task RunUntilItSays(DocumentedCommands commands, string folder, string output)
    {
        await using var program = commands.Start(Workspace.Prefix(folder));
        await program.UntilItSays(Regex.Escape(output.TrimEnd('\n')));
        // dotnet run hands it on.
        (await program.InterruptAsync()).Should().Be(0);
    }
}
