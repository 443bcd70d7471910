using System.Reflection;
using BlockSmtp.Tests.Fixtures;
using NUnit.Framework.Internal;

namespace BlockSmtp.Tests.Docs;

/// <summary>
/// The commands on the pages: a test runs each block of them, and says so with <see cref="RunsCommandsOfAttribute"/>, or a comment right
/// before the block says why none does: <c>&lt;!-- not run by a test: it … --&gt;</c>.
/// </summary>
internal sealed class CommandsTests
{
    private static readonly IReadOnlyList<(MethodInfo Test, RunsCommandsOfAttribute Claim)> Claims =
    [
        .. from type in typeof(CommandsTests).Assembly.GetTypes()
           from method in type.GetMethods()
           from claim in method.GetCustomAttributes<RunsCommandsOfAttribute>()
           select (method, claim),
    ];

    private static IEnumerable<TestCaseData> Blocks() =>
        Page.All.SelectMany(page => page.Blocks).Where(block => block.HasCommands).Select(block =>
            new TestCaseData(block).SetArgDisplayNames(block.ToString(), block.Heading));

    private static IEnumerable<TestCaseData> Claimed() =>
        Claims.Select(claim => new TestCaseData(claim.Test, claim.Claim).SetArgDisplayNames(
            claim.Test.DeclaringType!.Name, claim.Claim.Page, claim.Claim.Heading ?? "all of it"));

    [TestCaseSource(nameof(Blocks))]
    public void A_block_of_commands_is_run_by_a_test_or_says_why_not(CodeBlock commands)
    {
        var tests = Claims.Where(claim => claim.Claim.Covers(commands)).Select(claim => claim.Test.Name);
        if (commands.Reason is null)
            tests.Should().NotBeEmpty(
                $"""a test is to run this, with [RunsCommandsOf("{commands.Page}", "{commands.Heading}")], or the page is to say before it: <!-- not run by a test: it … -->""");
        else
            commands.Reason.Split(' ').Length.Should().BeGreaterThan(2, $"'{commands.Reason}' is no reason");
    }

    [TestCaseSource(nameof(Claimed))]
    public void What_says_that_it_runs_commands_is_a_test_and_there_are_some(MethodInfo test, RunsCommandsOfAttribute claim)
    {
        DocumentedCommands.Of(claim.Page, claim.Heading).Should().NotBeEmpty();
        test.GetCustomAttributes().Should().Contain(attribute => attribute is TestAttribute
            || attribute is TestCaseAttribute
            || attribute is TestCaseSourceAttribute)
            .And.NotContain(attribute => attribute is IgnoreAttribute || attribute is ExplicitAttribute);
    }

    [Test]
    public void A_test_that_only_says_that_it_runs_commands_fails()
    {
        var claim = new RunsCommandsOfAttribute("docs/getting-started.md", "1. The package");
        var commands = DocumentedCommands.Of(claim.Page, claim.Heading);

        var afterNothing = () => claim.AfterTest(TestExecutionContext.CurrentContext.CurrentTest);
        var failing = () => commands[0].Run("false");

        afterNothing.Should().Throw<AssertionException>().WithMessage("*docs/getting-started.md*");
        failing.Should().Throw<Exception>();
        afterNothing.Should().Throw<AssertionException>("commands that fail were not run");
    }

    /// <summary>In a plain page there are no ticks around a command: a prompt says that it is one.</summary>
    [Test]
    public void A_command_on_a_plain_page_has_a_prompt()
    {
        foreach (var page in Page.All.Where(page => page.IsPlain))
        {
            page.Text.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal))
                .Where(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] is var word
                    && (word == "blocksmtp" || Requires.Find(word) is not null))
                .Should().BeEmpty($"in {page.Name} a command stands behind four spaces and '# '");
        }
    }
}
