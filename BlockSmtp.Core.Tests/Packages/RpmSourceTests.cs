using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>The RPM packages are built of their sources: an archive of these, and nothing else of the repository.</summary>
internal sealed class RpmSourceTests
{
    [Test, RunsCommandsOf("docs/rebuild.md", "As an RPM")]
    public void From_the_archive_of_its_sources_it_is_built_with_the_program_that_a_clone_gives()
    {
        foreach (var tool in new[] { "gcc", "rpmbuild", "perl" })
            Requires.Tool(tool);
        using var folder = new TemporaryFolder();
        var commit = Command.Run("git", "-C", Repository.Root, "rev-parse", "HEAD").Trim();
        Command.Run("git", "clone", "--quiet", "--bare", "--no-hardlinks", Repository.Root, folder["clone"]);
        Command.Run("git", "-C", folder["clone"], "tag", "--force", "v1.0.0", commit);

        DocumentedCommands.Of("docs/rebuild.md", "As an RPM").Single().Run(Workspace.Prefix(folder["clone"]));

        Directory.GetFiles(folder["clone/rpm/SRPMS"]).Should().ContainSingle();
        string[] packages = [.. Directory.GetFiles(folder["clone/rpm/RPMS"], "*.rpm", SearchOption.AllDirectories)];
        packages.Should().HaveCount(2);
        // There is no shell in that root, and nothing that they need.
        Command.Run("rpm", ["--root", folder["root"], "--install", "--nodeps", "--noscripts", .. packages]);
        Command.Run(folder["root/usr/sbin/blocksmtp"], "--version").Should().Be(Tool.Run("--version").Output);
        Command.Run("rpm", "--root", folder["root"], "--query", "--all").Split('\n').Should().HaveCount(3);
        if (Environment.GetEnvironmentVariable("BLOCKSMTP_COMMIT") == commit)
            Command.Run("cmp", Tool.Path, folder["root/usr/sbin/blocksmtp"]);
    }
}
