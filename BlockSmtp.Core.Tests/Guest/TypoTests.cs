using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>What a mistake in the configuration comes to under a real systemd: it is said, and nobody is let in.</summary>
[NonParallelizable]
public sealed class TypoTests
{
    private const string Host = "203.0.113.20";

    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public async Task Boot()
    {
        _guest = new DebianGuest();
        _guest.Install(GuestSetup.OldPackage);
        await _guest.IsActive();
        _guest.Run("blocksmtp", "block", Host);
        await _guest.Blocks(Host);
        _guest.Run("cp", "/etc/blocksmtp/blocksmtp.conf", "/root/before");
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(0)]
    public void Its_units_are_understood()
    {
        _guest.Run("systemctl", "daemon-reload");

        _guest.Shell("journalctl --no-pager --output=cat --unit='blocksmtp*' | grep -E 'Unknown|ignoring|Failed to parse' || true")
            .Should().BeEmpty();
    }

    [Test, Order(1)]
    public async Task A_reload_fails_with_the_message_and_changes_nothing()
    {
        _guest.Shell("echo 'block-time = soon' >>/etc/blocksmtp/blocksmtp.conf");

        _guest.Try("systemctl", "reload", "blocksmtp").ExitCode.Should().NotBe(0);

        _guest.Said().Should().MatchRegex(
            @"(?m)^/etc/blocksmtp/blocksmtp\.conf:\d+: block-time: 'soon' is not a duration", "the name of the program is the journal's");
        await _guest.IsActive();
        _guest.Drops(Host).Should().BeTrue();
    }

    [Test, Order(2)]
    public async Task A_restart_leaves_the_rules_for_the_start_that_mends_it()
    {
        _guest.Try("systemctl", "restart", "blocksmtp").ExitCode.Should().NotBe(0);

        _guest.Property("ActiveState").Should().Be("failed");
        _guest.Said().Should().Contain("the rules stay in force, as the next start will be refused: /etc/blocksmtp/blocksmtp.conf:");
        _guest.Drops(Host).Should().BeTrue("a typo lets nobody in");
        _guest.Shell("cp /root/before /etc/blocksmtp/blocksmtp.conf; systemctl start blocksmtp");
        await _guest.IsActive();
        _guest.Drops(Host).Should().BeTrue();
    }

    [Test, Order(3)]
    public async Task A_restart_with_a_right_configuration_and_a_stop_are_as_ever()
    {
        _guest.Run("systemctl", "restart", "blocksmtp");
        await _guest.IsActive();
        _guest.Drops(Host).Should().BeTrue("the block is kept");

        _guest.Shell("echo 'block-time = soon' >>/etc/blocksmtp/blocksmtp.conf; systemctl stop blocksmtp");

        _guest.Drops(Host).Should().BeFalse("a stop takes the rules away");
    }

    [Test, Order(4)]
    public async Task A_tool_that_is_missing_is_not_tried_every_two_seconds_for_ever()
    {
        _guest.Shell(
            "cp /root/before /etc/blocksmtp/blocksmtp.conf; sed -i 's/^firewall = .*/firewall = ipset/' /etc/blocksmtp/blocksmtp.conf");
        _guest.Try("systemctl", "restart", "blocksmtp").ExitCode.Should().NotBe(0, "whoever types it hears of it at once");

        await Eventually.IsTrue(
            () => _guest.Property("StatusText").Contains("(tried again in 5 minutes)", StringComparison.Ordinal),
            $"it waits; it said:\n{_guest.Said()}",
            TimeSpan.FromMinutes(2));
        _guest.Property("StatusText").Should().Contain("ipset");

        _guest.Shell("cp /root/before /etc/blocksmtp/blocksmtp.conf; systemctl restart blocksmtp");
        await _guest.IsActive();
        _guest.Try("ls", "/run/blocksmtp/failed-starts").ExitCode.Should().NotBe(0, "the next failure is the first");
    }
}
