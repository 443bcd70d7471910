namespace BlockSmtp.Tests.Guest;

/// <summary>The script for machines without systemd, run by hand as init runs it.</summary>
[NonParallelizable]
public sealed class InitScriptTests
{
    private const string Script = "/etc/init.d/blocksmtp";

    private DebianGuest _guest = null!;

    [SetUp]
    public void Start()
    {
        _guest = new DebianGuest("init=none");
        _guest.Copy(GuestSetup.OldPackage);
        _guest.Run("apt-get", "-y", "--no-install-recommends", "install", $"/root/{Path.GetFileName(GuestSetup.OldPackage)}");
        // There is no journal here, so it waits for a log file.
        _guest.Shell("touch /var/log/mail.log");
    }

    [TearDown]
    public void End() => _guest?.Dispose();

    [Test]
    public void It_starts_reloads_tells_and_stops()
    {
        _guest.Try(Script, "status").ExitCode.Should().Be(3, "that is the code for what does not run (LSB)");
        _guest.Run(Script, "start");
        _guest.Run(Script, "status").Should().Contain("is running");
        _guest.Run(Script, "start").Should().NotContain("failed", "to start what runs is no failure");
        _guest.Run(Script, "reload");
        _guest.Run(Script, "restart");
        _guest.Run(Script, "status").Should().Contain("is running");
        _guest.Rules().Should().NotBeEmpty();
        _guest.Run(Script, "stop");
        _guest.Rules().Should().BeEmpty("the rules go when it stops");
        _guest.Try(Script, "status").ExitCode.Should().Be(3);
        _guest.Run(Script, "stop").Should().NotContain("failed", "to stop what does not run is no failure");
        _guest.Try(Script, "dance").ExitCode.Should().Be(3);
    }

    [Test]
    public void A_removal_stops_it()
    {
        _guest.Run(Script, "start");
        _guest.Run("dpkg", "--remove", "blocksmtp");
        _guest.Rules().Should().BeEmpty();
    }
}
