using System.Security.Cryptography;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Packages;

/// <summary>What packages carry can be made again from its sources by whoever wants to see that it is made of them.</summary>
internal sealed class ReproducibleTests
{
    /// <summary>eng/test has published the one of them in the repository and says of which commit; what was built in another way is not compared with.</summary>
    [Test]
    public void Two_clones_of_one_commit_in_different_folders_publish_the_same_bytes()
    {
        Requires.Tool("gcc");
        using var folder = new TemporaryFolder();
        var commit = Command.Run("git", "-C", Repository.Root, "rev-parse", "HEAD").Trim();

        var first = Environment.GetEnvironmentVariable("BLOCKSMTP_COMMIT") == commit ? Tool.Path : Publish(folder["clone"]);
        var second = Publish(folder["another/clone-in-a-folder-with-a-longer-name"]);

        Hash(second).Should().Be(Hash(first), "they are of the commit {0}", commit);
    }

    /// <summary>Clones the repository, without what is not committed, and publishes the tool there; returns its path.</summary>
    private static string Publish(string clone)
    {
        Command.Run("git", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone);
        // The address is in the symbols, for Source Link.
        var origin = Command.Try("git", "-C", Repository.Root, "remote", "get-url", "origin").Output.Trim();
        Command.Run("git", ["-C", clone, "remote", .. origin.Length > 0 ? new[] { "set-url", "origin", origin } : ["remove", "origin"]]);
        string[] command = [.. Workspace.Prefix(clone), "packaging/publish", "published"];
        Command.Run(TimeSpan.FromMinutes(15), command[0], command[1..]);
        return Path.Combine(clone, "published", "blocksmtp");
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
