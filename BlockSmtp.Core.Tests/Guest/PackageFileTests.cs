using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>The package as a file.</summary>
public sealed class PackageFileTests
{
    [Test]
    public void Lintian_finds_no_fault()
    {
        var (exitCode, output, errors) = Command.Try(TimeSpan.FromMinutes(5), "lintian", ["--allow-root", "--fail-on=error,warning", GuestSetup.OldPackage]);
        exitCode.Should().Be(0, output + errors);
    }

    [Test]
    public void Two_builds_give_the_same_bytes() =>
        File.ReadAllBytes(GuestSetup.Build(GuestSetup.OldVersion, "again")).Should().Equal(File.ReadAllBytes(GuestSetup.OldPackage));

    [Test]
    public void An_RPM_package_can_be_built_too()
    {
        using var folder = new TemporaryFolder();
        var package = Command.Run(TimeSpan.FromMinutes(5), Path.Combine(Repository.Root, "packaging", "rpm", "build"),
            [$"binary={Path.GetFullPath(Tool.Path)}", "version=1.0.0", $"output={folder["rpm"]}"]).Trim();
        Command.Run("rpm", "-qpl", package).Split('\n').Should().Contain("/usr/sbin/blocksmtp").And.Contain("/usr/lib/systemd/system/blocksmtp.service");
        Command.Run("rpm", "-qp", "--configfiles", package).Should().Be("/etc/blocksmtp/blocksmtp.conf\n/etc/blocksmtp/whitelist\n");
        Command.Run("rpm", "-qp", "--requires", package).Should().Contain("libnftables.so.1").And.Contain("libc.so.6").And.NotContain("dotnet");
    }

    [Test]
    public void It_depends_on_what_the_program_needs_and_on_no_runtime()
    {
        var depends = Command.Run("dpkg-deb", "--field", GuestSetup.OldPackage, "Depends");
        depends.Should().Contain("libc6 (>= ").And.Contain("iptables | nftables").And.Contain("libnftables1").And.NotContain("dotnet");
        Command.Run("dpkg-deb", "--field", GuestSetup.OldPackage, "Recommends").Should().Contain("sendmail-bin");
    }
}
