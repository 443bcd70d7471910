using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>
/// The RPM packages: as files, and their life under systemd as far as a Debian can live it, where rpm knows of
/// no package that ours could need.
/// </summary>
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
        Directory.CreateDirectory(_folder["published"]);
        File.Copy(Tool.Path, _folder["published/blocksmtp"]);
        File.Copy(FleetProgram.Path, _folder["published/blocksmtp-fleet"]);
        _old = Build("1.0.0");
        _new = Build("1.0.1");
    }

    [OneTimeTearDown]
    public void Remove() => _folder?.Dispose();

    /// <summary>What lies elsewhere there than on Debian, or is in one of them only, has its reason here.</summary>
    [TestCase("blocksmtp")]
    [TestCase("blocksmtp-fleet")]
    public void It_has_the_files_of_the_package_for_Debian(string name)
    {
        string[] onlyForDebian =
        [
            // Fedora and Red Hat have no init but systemd.
            "/etc/init.d/blocksmtp",
            // Of Debian's own ways, and for its own tools.
            "/usr/share/doc/blocksmtp/README.Debian", $"/usr/share/doc/{name}/changelog", $"/usr/share/lintian/overrides/{name}",
        ];
        // Debian's makes it when it is installed.
        string[] onlyInRpm = name == "blocksmtp-fleet" ? ["/etc/blocksmtp/fleet.secret"] : [];
        var isFleet = name == "blocksmtp-fleet";
        // Debian packs what is long.
        var debian = FilesOfDebian(isFleet ? GuestSetup.FleetPackageOf(GuestSetup.OldPackage) : GuestSetup.OldPackage)
            .Select(file => file.EndsWith(".gz", StringComparison.Ordinal) ? file[..^3] : file).Except(onlyForDebian)
            .Select(file => file switch
            {
                "/usr/share/doc/blocksmtp/dotnet-third-party-notices.txt" => file.Replace("/doc/", "/licenses/", StringComparison.Ordinal),
                "/usr/share/zsh/vendor-completions/_blocksmtp" => "/usr/share/zsh/site-functions/_blocksmtp",
                _ when file == $"/usr/share/doc/{name}/copyright" => file.Replace("/doc/", "/licenses/", StringComparison.Ordinal),
                // /lib is /usr/lib there.
                _ => file.StartsWith("/lib/", StringComparison.Ordinal) ? "/usr" + file : file,
            });

        FilesOf(isFleet ? FleetOf(_old) : _old).Should().BeEquivalentTo(debian.Concat(onlyInRpm));
    }

    [Test]
    public void Its_unit_leads_to_pages_that_are_there()
    {
        var unit = File.ReadAllText(Path.Combine(Repository.Root, "packaging", "systemd", "blocksmtp.service"));
        var pages = Regex.Matches(unit, "file:(/[^ \n]+)").Select(match => match.Groups[1].Value).ToList();
        pages.Should().NotBeEmpty();
        FilesOf(_old).Should().Contain(pages).And.Contain("/usr/share/man/man8/blocksmtp.8");
        FilesOfDebian(GuestSetup.OldPackage).Should().Contain(pages);
    }

    [Test]
    public void It_asks_for_the_libraries()
    {
        Command.Run("rpm", "-qp", "--configfiles", _old).Should().Be($"{Configuration}\n/etc/blocksmtp/whitelist\n");
        Command.Run("rpm", "-qp", "--requires", _old)
            .Should().Contain("libnftables.so.1").And.Contain("libc.so.6").And.NotContain("dotnet");
        Command.Run("rpm", "-qp", "--requires", FleetOf(_old)).Should().Contain("blocksmtp = 1.0.0-1\n");
    }

    [Test]
    public async Task It_is_installed_upgraded_and_removed()
    {
        using var guest = new DebianGuest();
        guest.Copy(_old, _new, FleetOf(_new));
        guest.Run("apt-get", "-y", "--no-install-recommends", "install", "rpm", "sendmail-bin", "nftables", "libnftables1", "libsqlite3-0");
        guest.OpenMailServer();

        // As Fedora has it: what nobody asks for is off.
        guest.Shell("mkdir -p /etc/systemd/system-preset; echo 'disable *' >/etc/systemd/system-preset/99-default.preset");

        Rpm(guest, "--install", _old);

        guest.Property("UnitFileState").Should().Be("disabled");
        guest.Property("ActiveState").Should().Be("inactive");
        guest.Run("systemctl", "enable", "--now", "blocksmtp");
        await guest.IsActive();
        await guest.GuessUntilBlockedAsync(Host);
        await guest.Blocks(Host);

        guest.Shell($"echo 'max-offenses = 5' >>{Configuration}");
        var before = guest.Property("MainPID");
        Rpm(guest, "--upgrade", _new);

        await guest.IsActive();
        guest.Property("MainPID").Should().NotBe(before, "the new program runs");
        guest.Run("tail", "-n", "1", Configuration).Should().Be("max-offenses = 5\n");
        await guest.Blocks(Host);

        await TheFleetComesAndGoesAsync(guest);
        guest.Run("rpm", "--erase", "blocksmtp");

        guest.Rules().Should().BeEmpty();
        guest.Property("LoadState").Should().Be("not-found");
        guest.Try("pgrep", "--exact", "blocksmtp").ExitCode.Should().Be(1, "nothing of it runs");
        guest.Run("tail", "-n", "1", $"{Configuration}.rpmsave").Should().Be("max-offenses = 5\n");
    }

    private async Task TheFleetComesAndGoesAsync(DebianGuest guest)
    {
        Rpm(guest, "--install", FleetOf(_new));
        guest.Run("stat", "--format=%U:%G %a", "/etc/blocksmtp/fleet.secret").Trim().Should().Be("root:root 600");
        // Nobody is there: the program goes on asking.
        guest.Shell($"echo 'fleet-group = blocksmtp-fleet' >>{Configuration}; echo 'server = 127.0.0.1:6380' >>/etc/blocksmtp/fleet.conf; "
            + "systemctl restart blocksmtp");
        await guest.IsActive();
        guest.Run("systemctl", "start", "blocksmtp-fleet");
        await Eventually.IsTrue(
            () => guest.Try("ps", "-o", "user:20=", "-C", "blocksmtp-fleet").Output.Trim() == "blocksmtp-fleet",
            "it runs as its user",
            TimeSpan.FromMinutes(1));
        guest.Run("stat", "--format=%U:%G %a", "/run/blocksmtp/fleet.sock").Trim().Should().Be("root:blocksmtp-fleet 660");

        guest.Shell($"sed -i '/^fleet-group/d' {Configuration}; systemctl restart blocksmtp; rpm --erase blocksmtp-fleet");
        guest.Try("pgrep", "--exact", "blocksmtp-fleet").ExitCode.Should().Be(1, "nothing of it runs");
        await guest.IsActive();
    }

    private static string FleetOf(string package) => package.Replace("/rpm/blocksmtp-", "/rpm/blocksmtp-fleet-", StringComparison.Ordinal);

    private static string[] FilesOf(string package) =>
    [
        .. Command.Run("rpm", "-qp", "--queryformat", "[%{FILEMODES:perms} %{FILENAMES}\\n]", package)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('d')).Select(line => line.Split(' ')[1]),
    ];

    private static string[] FilesOfDebian(string package) =>
    [
        .. Command.Run("bash", "-euo", "pipefail", "-c", "dpkg-deb --fsys-tarfile \"$1\" | tar --list", "bash", package)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => !file.EndsWith('/')).Select(file => file[1..]),
    ];

    /// <summary>Packages the tool under test; returns the package's path.</summary>
    private string Build(string version) =>
        Command.Run(TimeSpan.FromMinutes(5), Path.Combine(Repository.Root, "packaging", "rpm", "build"),
            [$"published={_folder["published"]}", $"version={version}", $"output={_folder["rpm"]}"]).Trim();

    private static void Rpm(DebianGuest guest, string verb, string package) =>
        guest.Run("rpm", verb, "--nodeps", $"/root/{Path.GetFileName(package)}");
}
