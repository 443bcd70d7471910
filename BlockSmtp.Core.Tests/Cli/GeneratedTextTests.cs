using System.Text.RegularExpressions;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>Manual pages and completion have every command and option that the help has, and their readers take them.</summary>
public sealed partial class GeneratedTextTests
{
    private static readonly string[] Verbs =
    [
        "daemon", "status", "list", "why", "block", "unblock", "history", "top", "check", "reload", "replay", "tune", "score", "completion",
        "man"
    ];

    [Test]
    public void The_manual_of_the_tool_has_every_command_and_option_of_the_help([ValueSource(nameof(Verbs))] string verb)
    {
        var page = Plain(Tool.Run("man", "8").Output);

        page.Should().Contain(verb == "daemon" ? "blocksmtp [daemon]" : $"blocksmtp {verb}");
        OptionsOf(verb).Where(option => !page.Contains($"--{option}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Test]
    public void The_manual_of_the_configuration_has_every_option_of_the_daemon()
    {
        var page = Plain(Tool.Run("man", "5").Output);

        OptionsOf("daemon")
            .Except(["config", "help", "version"])
            .Where(option => !page.Contains($"\n\\fB{option} = ", StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    [TestCase("8")]
    [TestCase("5")]
    public void Mandoc_has_nothing_to_say_of_a_manual_page(string section)
    {
        Requires.Tool("mandoc");
        using var folder = new TemporaryFolder();
        var page = folder.Write($"page.{section}", Tool.Run("man", section).Output);

        Command.Try("mandoc", "-Tlint", page).Output.Should().BeEmpty();
    }

    [TestCase("bash")]
    [TestCase("zsh")]
    public void A_shell_reads_its_completion(string shell)
    {
        Requires.Tool(shell);
        using var folder = new TemporaryFolder();
        var script = folder.Write("completion", Tool.Run("completion", shell).Output);

        Command.Try(shell, "-n", script).Should().Be((0, "", ""));
    }

    [Test]
    public void Completion_has_every_command_and_option([ValueSource(nameof(Verbs))] string verb, [Values("bash", "zsh")] string shell)
    {
        var script = Tool.Run("completion", shell).Output;

        script.Should().MatchRegex($@"\b{verb}\b");
        OptionsOf(verb).Except(["version"]).Where(option => !script.Contains($"--{option}", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [TestCase("1", "un", "unblock")]
    [TestCase("2", "--for", "--for=", "block")]
    [TestCase("2", "b", "bash", "completion")]
    public void Bash_completes(string place, string typed, string expected, string? verb = null)
    {
        Requires.Tool("bash");
        using var folder = new TemporaryFolder();
        var script = folder.Write("completion", Tool.Run("completion", "bash").Output);

        var words = verb is null ? $"blocksmtp {typed}" : $"blocksmtp {verb} {typed}";
        Command.Run(
            "bash", "-c", $"source \"$0\"; COMP_WORDS=({words}); COMP_CWORD={place}; _blocksmtp; echo \"${{COMPREPLY[*]}}\"", script)
            .Should().Be(expected + "\n");
    }

    private static string Plain(string page) => page.Replace("\\-", "-", StringComparison.Ordinal);

    /// <summary>The options that the help lists, each at the beginning of a line.</summary>
    private static string[] OptionsOf(string verb)
    {
        var options = ListedOption().Matches(Tool.Run(verb, "--help").Output).Select(match => match.Groups[1].Value).ToArray();
        if (verb is not ("completion" or "man"))
            options.Should().HaveCountGreaterThan(1);
        return options;
    }

    [GeneratedRegex(@"^ *--([a-z][a-z0-9-]*)", RegexOptions.Multiline)]
    private static partial Regex ListedOption();
}
