using NUnit.Framework.Interfaces;

namespace BlockSmtp.Tests.Docs;

/// <summary>
/// Says that a test runs the commands of a page, or of what stands under one of its headings. The test fails
/// if it has not run each of them.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RunsCommandsOfAttribute(string page, string? heading = null) : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public string Page => page;

    public string? Heading => heading;

    /// <summary>Whether these commands are meant.</summary>
    public bool Covers(CodeBlock block) => block.Page == page && (heading is null || block.Heading == heading);

    public void BeforeTest(ITest test)
    {
    }

    public void AfterTest(ITest test)
    {
        // One that failed or was skipped has run less.
        if (TestContext.CurrentContext.Result.Outcome.Status is TestStatus.Failed or TestStatus.Skipped)
            return;
        DocumentedCommands.NotRun(test.Id, page, heading).Should().BeEmpty("the test says that it runs these commands");
    }
}
