using System.Text.RegularExpressions;

namespace BlockSmtp.Tests.Packages;

/// <summary>Somebody who has the packages and docs/library.md, and does what it says, from its first line to its last.</summary>
public sealed partial class StrangerTests
{
    // `FILE`: and a block of code, or a command that is set in, perhaps followed by what it prints.
    [GeneratedRegex(@"^`(?<file>[\w./]+)`:\n\n```\w+\n(?<text>.*?)^```$|^    (?<command>dotnet [^\n]*)$(\n\n```text\n(?<output>.*?)^```$)?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Steps { get; }

    [Test]
    public async Task What_the_page_says_can_be_done()
    {
        var page = File.ReadAllText(Path.Combine(Workspace.Repository, "docs", "library.md"));
        var folder = Directory.CreateDirectory(Path.Combine(Workspace.Path, "stranger")).FullName;
        var (files, commands) = (0, new List<string>());
        foreach (Match step in Steps.Matches(page))
        {
            if (step.Groups["file"] is { Success: true, Value: var file })
            {
                files++;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
                File.WriteAllText(Path.Combine(folder, file), step.Groups["text"].Value);
                continue;
            }

            var command = step.Groups["command"].Value;
            commands.Add(command);
            var arguments = command.Split(' ')[1..];
            if (arguments[0] == "run")
                await RunUntilItSays(folder, arguments, step.Groups["output"].Value);
            else if (arguments[0] == "test")
                Workspace.Dotnet(folder, arguments).Should().MatchRegex("Failed: +0, Passed: +2[0-9], Skipped: +0");
            else
                Workspace.Dotnet(folder, arguments);
        }

        files.Should().Be(5);
        commands.Select(command => command.Split(' ')[1]).Should().Equal("new", "add", "run", "new", "test");
        File.ReadAllText(Path.Combine(folder, "bans.txt")).Should().Be("203.0.113.77/32\n");
    }

    private static async Task RunUntilItSays(string folder, string[] arguments, string output)
    {
        output.Should().NotBeEmpty();
        await using var program = new RunningSample(folder, arguments);
        await program.UntilItSays(Regex.Escape(output.TrimEnd('\n')));
        // dotnet run hands it on.
        (await program.InterruptAsync()).Should().Be(0);
    }
}
