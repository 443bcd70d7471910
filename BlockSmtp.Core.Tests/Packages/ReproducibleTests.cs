using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>What packages carry can be made again from its sources by whoever wants to see that it is made of them.</summary>
internal sealed class ReproducibleTests
{
    // As the page has it; git is told that it is here.
    private const string Address = "https://github.com/example/blocksmtp.git";

    /// <summary>
    /// eng/test has published the programs in the repository and says of which commit; what was built in another way is not packed here.
    /// </summary>
    [Test, RunsCommandsOf("docs/rebuild.md", "Rebuild and compare")]
    public void Who_builds_once_more_as_the_page_says_gets_the_bytes_that_are_in_the_packages()
    {
        foreach (var tool in new[] { "gcc", "dpkg-deb", "dh" })
            Requires.Tool(tool);
        using var folder = new TemporaryFolder();
        var commit = Command.Run("git", "-C", Repository.Root, "rev-parse", "HEAD").Trim();
        Command.Run("git", "clone", "--quiet", "--bare", "--no-hardlinks", Repository.Root, folder["published.git"]);
        Command.Run("git", "-C", folder["published.git"], "tag", "--force", "v1.0.0", commit);
        Pack(Environment.GetEnvironmentVariable("BLOCKSMTP_COMMIT") == commit
            ? Path.GetDirectoryName(Path.GetFullPath(Tool.Path))!
            : Publish(folder), folder["."]);

        DocumentedCommands.Of("docs/rebuild.md", "Rebuild and compare").Single().Run(
            [
                .. Workspace.Prefix(folder["."]),
                "GIT_CONFIG_COUNT=1",
                $"GIT_CONFIG_KEY_0=url.{folder["published.git"]}.insteadOf",
                $"GIT_CONFIG_VALUE_0={Address}"]);

        Command.Run("git", "-C", folder["blocksmtp"], "config", "remote.origin.url").Trim()
            .Should().Be(Address, "the programs in the packages are of another origin");
        new FileInfo(folder["blocksmtp/mine/blocksmtp"]).Length.Should().BePositive();
    }

    /// <summary>Publishes the programs in a clone in another folder and of another origin; returns the folder that they are in.</summary>
    private static string Publish(TemporaryFolder folder)
    {
        var clone = folder["another/clone-in-a-folder-with-a-longer-name"];
        Command.Run("git", "clone", "--quiet", "--branch", "v1.0.0", folder["published.git"], clone);
        string[] command = [.. Workspace.Prefix(clone), "packaging/publish", "published"];
        Command.Run(TimeSpan.FromMinutes(15), command[0], command[1..]);
        return Path.Combine(clone, "published");
    }

    private static void Pack(string published, string output) =>
        Command.Run(TimeSpan.FromMinutes(5), Path.Combine(Repository.Root, "packaging", "deb", "build"),
            $"binary={Path.Combine(published, "blocksmtp")}", $"fleet={Path.Combine(published, "blocksmtp-fleet")}", "version=1.0.0",
            $"output={output}");
}
