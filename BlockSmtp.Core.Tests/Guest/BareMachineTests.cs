using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Guest;

/// <summary>A container without systemd, without sendmail and without the right to touch the packet filter.</summary>
[NonParallelizable]
public sealed class BareMachineTests
{
    private DebianGuest _guest = null!;

    [SetUp]
    public void Start() => _guest = new DebianGuest("init=none", "netfilter=no");

    [TearDown]
    public void End() => _guest?.Dispose();

    [Test]
    public void The_package_installs_says_what_is_missing_and_goes_without_a_trace()
    {
        _guest.Copy(GuestSetup.OldPackage);
        var (exitCode, output, errors) = _guest.Try("apt-get", "-y", "--no-install-recommends", "install", $"/root/{Path.GetFileName(GuestSetup.OldPackage)}");
        exitCode.Should().Be(0, errors);
        (output + errors).Should().Contain("blocksmtp: there is no sendmail to guard yet")
            .And.Contain("blocksmtp: the packet filter cannot be used here")
            .And.Contain("blocksmtp: no service manager runs here");
        _guest.Try("blocksmtp").ExitCode.Should().Be(77);

        _guest.Run("dpkg", "--purge", "blocksmtp");
        _guest.Run("find", "/", "-xdev", "-name", "*blocksmtp*", "-not", "-path", "/root/*", "-not", "-path", "/var/log/*").Should().BeEmpty();
    }
}
