using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>A signed repository, made with a key of the test's own, and a clean Debian that installs from it.</summary>
[NonParallelizable]
public sealed class RepositoryTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Make()
    {
        foreach (var tool in new[] { "apt-ftparchive", "gpg" })
            Requires.Tool(tool);
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["keys"]);
        Command.Run("chmod", "700", _folder["keys"]);
        Run("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "Test <test@example.org>", "ed25519", "sign", "never");
        Run(
            Path.Combine(Repository.Root, "packaging/apt-repo/build"),
            "key=test@example.org",
            $"output={_folder["apt"]}",
            GuestSetup.OldPackage,
            GuestSetup.NewPackage);
    }

    [OneTimeTearDown]
    public void Remove()
    {
        if (_folder is not null)
            Command.Try("env", $"GNUPGHOME={_folder["keys"]}", "gpgconf", "--kill", "all");
        _folder?.Dispose();
    }

    [Test, RunsCommandsOf("docs/rebuild.md", "From a repository")]
    public void A_clean_Debian_installs_the_newest_from_it_and_takes_nothing_that_was_changed()
    {
        using var guest = new DebianGuest();
        Command.Run("tar", "-C", _folder["apt"], "-cf", _folder["apt.tar"], ".");
        guest.Copy(_folder["apt.tar"]);
        guest.Shell("mkdir -p /srv/blocksmtp-apt; tar -C /srv/blocksmtp-apt -xf /root/apt.tar");
        // The guest has what it installs from beside it, and no network for the rest.
        DocumentedCommands.Of("docs/rebuild.md", "From a repository").Single().Run(guest.Prefix);

        guest.Run("dpkg-query", "-W", "-f", "${Version}", "blocksmtp").Should().Be(GuestSetup.NewVersion);
        guest.Run("apt-cache", "policy", "blocksmtp").Should().Contain("file:/srv/blocksmtp-apt stable/main");

        guest.Shell("sed -i 's/^Label: BlockSmtp/Label: Somebody/' /srv/blocksmtp-apt/dists/stable/InRelease");
        var (_, output, errors) = guest.Try(
            "apt-get", "update", "-o", "Dir::Etc::sourcelist=/etc/apt/sources.list.d/blocksmtp.list", "-o", "Dir::Etc::sourceparts=-");
        (output + errors).Should().Contain("BADSIG");
    }

    [Test]
    public void The_sums_of_a_folder_are_signed_and_tell_what_was_changed()
    {
        Directory.CreateDirectory(_folder["release/more"]);
        _folder.Write("release/a b.deb", "a");
        _folder.Write("release/more/c.nupkg", "c");

        Run(Path.Combine(Repository.Root, "packaging/sums"), _folder["release"], "test@example.org");

        Run("gpg", "--verify", _folder["release/SHA256SUMS.asc"], _folder["release/SHA256SUMS"]);
        Check().Should().Be(0);
        _folder.Write("release/more/c.nupkg", "d");
        Check().Should().Be(1);
    }

    private int Check() => Command.Try("env", "-C", _folder["release"], "sha256sum", "--quiet", "--check", "SHA256SUMS").ExitCode;

    private string Run(string file, params string[] arguments) => Command.Run("env", [$"GNUPGHOME={_folder["keys"]}", file, .. arguments]);
}
