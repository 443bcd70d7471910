using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>What the pages tell whoever has the repository to type, typed there.</summary>
internal sealed class RepositoryPagesTests
{
    private static readonly string[] Here = ["env", "-C", Repository.Root];

    [Test, RunsCommandsOf("README.md", "Two commands"), Category(Needs.Root)]
    public void The_demo_succeeds()
    {
        Requires.Root();
        DocumentedCommands.Of("README.md", "Two commands").Single().Run(Here).Should().Contain("4. The chain now").And.Contain("SUCCESS: ");
    }

    [Test, RunsCommandsOf("bench/README.md", "By hand")]
    public void A_log_is_generated()
    {
        string[] files = [Path.Combine(Repository.Root, "mail.log"), Path.Combine(Repository.Root, "truth.json")];
        try
        {
            DocumentedCommands.Of("bench/README.md", "By hand").Single().Run(Here);
            files.Should().OnlyContain(file => new FileInfo(file).Length > 0);
        }
        finally
        {
            Array.ForEach(files, File.Delete);
        }
    }
}
