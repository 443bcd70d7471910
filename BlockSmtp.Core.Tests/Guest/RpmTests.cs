using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>The RPM package: as a file, and its life under systemd as far as a Debian can live it, where rpm knows of no package that ours could need.</summary>
[NonParallelizable]
public sealed class RpmTests
{
    private const string Configuration = "/etc/blocksmtp/blocksmtp.conf", Host = "203.0.113.50";

    private TemporaryFolder _folder = null!;
    private string _old = "", _new = "";

    [OneTimeSetUp]
    public void Build()
    {
        _folder = new TemporaryFolder();
        _old = Build("1.0.0");
        _new = Build("1.0.1");
    }

    [OneTimeTearDown]
    public void Remove() => _folder?.Dispose();

    [Test]
    public void It_has_what_the_package_for_Debian_has_and_asks_for_the_libraries()
    {
        Command.Run("rpm", "-qpl", _old).Split('\n').Should().Contain("/usr/sbin/blocksmtp").And.Contain("/usr/lib/systemd/system/blocksmtp.service")
            .And.Contain("/usr/share/licenses/blocksmtp/copyright");
        Command.Run("rpm", "-qp", "--configfiles", _old).Should().Be($"{Configuration}\n/etc/blocksmtp/whitelist\n");
        Command.Run("rpm", "-qp", "--requires", _old).Should().Contain("libnftables.so.1").And.Contain("libc.so.6").And.NotContain("dotnet");
    }

    [Test]
    public async Task It_is_installed_upgraded_and_removed()
    {
        using var guest = new DebianGuest();
        guest.Copy(_old, _new);
        guest.Run("apt-get", "-y", "--no-install-recommends", "install", "rpm", "sendmail-bin", "nftables", "libnftables1", "libsqlite3-0");
        guest.OpenMailServer();

        Rpm(guest, "--install", _old);

        await guest.IsActive();
        guest.Property("UnitFileState").Should().Be("enabled");
        await guest.GuessUntilBlockedAsync(Host);
        await guest.Blocks(Host);

        guest.Shell($"echo 'max-offenses = 5' >>{Configuration}");
        var before = guest.Property("MainPID");
        Rpm(guest, "--upgrade", _new);

        await guest.IsActive();
        guest.Property("MainPID").Should().NotBe(before, "the new program runs");
        guest.Run("tail", "-n", "1", Configuration).Should().Be("max-offenses = 5\n");
        await guest.Blocks(Host);

        guest.Run("rpm", "--erase", "blocksmtp");

        guest.Rules().Should().BeEmpty();
        guest.Property("LoadState").Should().Be("not-found");
        guest.Try("pgrep", "--exact", "blocksmtp").ExitCode.Should().Be(1, "nothing of it runs");
        guest.Run("tail", "-n", "1", $"{Configuration}.rpmsave").Should().Be("max-offenses = 5\n");
    }

    /// <summary>Packages the tool under test; returns the package's path.</summary>
    private string Build(string version) =>
        Command.Run(TimeSpan.FromMinutes(5), Path.Combine(Repository.Root, "packaging", "rpm", "build"),
            [$"binary={Path.GetFullPath(Tool.Path)}", $"version={version}", $"output={_folder["rpm"]}"]).Trim();

    private static void Rpm(DebianGuest guest, string verb, string package) => guest.Run("rpm", verb, "--nodeps", $"/root/{Path.GetFileName(package)}");
}
