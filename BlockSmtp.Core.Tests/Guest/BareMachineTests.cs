namespace BlockSmtp.Tests.Guest;

/// <summary>A container without sendmail and without the right to touch the packet filter.</summary>
[NonParallelizable]
public sealed class BareMachineTests
{
    private DebianGuest _guest = null!;

    [TearDown]
    public void End() => _guest?.Dispose();

    [TestCase("none", "/etc/init.d/blocksmtp start")]
    [TestCase("systemd", "systemctl start blocksmtp")]
    public void The_package_installs_says_what_is_missing_and_goes_without_a_trace(string init, string start)
    {
        _guest = new DebianGuest($"init={init}", "netfilter=no");
        _guest.Copy(GuestSetup.OldPackage);
        var (exitCode, output, errors) = _guest.Try(
            "apt-get", "-y", "--no-install-recommends", "install", $"/root/{Path.GetFileName(GuestSetup.OldPackage)}");
        exitCode.Should().Be(0, errors);
        (output + errors).Should().Contain("blocksmtp: there is no mail server to guard yet")
            .And.Contain("blocksmtp: the packet filter cannot be used here")
            .And.Contain($"once it can be, type: {start}");
        _guest.Try("blocksmtp").ExitCode.Should().Be(77);
        if (init == "none")
        {
            (output + errors).Should().Contain("blocksmtp: no service manager runs here");
        }
        else
        {
            _guest.Property("ExecMainStatus").Should().Be("77", _guest.Said());
            _guest.Property("ActiveState").Should().Be("failed", "what is missing does not come by itself");
        }

        _guest.Run("dpkg", "--purge", "blocksmtp");
        _guest.FilesOfIt().Should().BeEmpty();
    }
}
