using BlockSmtp.Tests.Docs;
using BlockSmtp.Tests.EndToEnd;

namespace BlockSmtp.Tests.Guest;

/// <summary>What the sandbox of the systemd unit lets through, and the files of the pages that let more through.</summary>
[NonParallelizable]
public sealed class SandboxTests
{
    private const string Metrics = "docs/metrics.md";

    private DebianGuest _guest = null!;

    [OneTimeSetUp]
    public void Boot()
    {
        _guest = new DebianGuest();
        _guest.Install(GuestSetup.OldPackage, "curl", "prometheus-node-exporter");
    }

    [OneTimeTearDown]
    public void PowerOff() => _guest?.Dispose();

    [Test, Order(1), RunsCommandsOf(Metrics, "For Prometheus")]
    public async Task The_port_for_Prometheus_answers_the_machine_itself()
    {
        _guest.RunPage(Metrics, "For Prometheus").Should().Contain("blocksmtp_build_info{");
        await _guest.IsActive();
    }

    [Test, Order(2), RunsCommandsOf(Metrics, "Under systemd")]
    public async Task The_unit_opens_itself_to_node_exporter_and_to_a_Prometheus_elsewhere_as_the_page_says()
    {
        var (textFile, elsewhere) = DocumentedCommands.Of(Metrics, "Under systemd") is [var first, var second]
            ? (first, second)
            : throw new AssertionException("two things are to be opened");
        _guest.Shell("cp /etc/blocksmtp/blocksmtp.conf /root/before; echo 'metrics-textfile = "
            + "/var/lib/prometheus/node-exporter/blocksmtp.prom' >>/etc/blocksmtp/blocksmtp.conf");
        _guest.Try("systemctl", "restart", "blocksmtp").ExitCode.Should().NotBe(0, "the sandbox is closed");
        _guest.Said().Should().Contain("the file system is read-only; in the sandbox of a service, open its directory (ReadWritePaths=");
        _guest.Shell("systemctl stop blocksmtp; systemctl reset-failed blocksmtp; cp /root/before /etc/blocksmtp/blocksmtp.conf");

        textFile.Run(_guest.Prefix);

        await _guest.IsActive();
        await Eventually.IsTrue(
            () => _guest.Run("curl", "--silent", "http://127.0.0.1:9100/metrics").Contains(
                "\nblocksmtp_blocks_active 0\n", StringComparison.Ordinal),
            "node_exporter hands the figures on",
            TimeSpan.FromMinutes(1));

        _guest.Shell("sed -i 's/^metrics = .*/metrics = 0.0.0.0:9625/' /etc/blocksmtp/blocksmtp.conf; systemctl restart blocksmtp");
        await _guest.IsActive();
        _guest.Fetches("203.0.113.5", 9625).Should().BeFalse("the unit lets only the machine itself connect");

        elsewhere.Run(_guest.Prefix);

        await _guest.IsActive();
        _guest.Fetches("203.0.113.5", 9625).Should().BeTrue("it was named");
        _guest.Fetches("203.0.113.6", 9625).Should().BeFalse("it was not");
    }

    [Test, Order(3)]
    public async Task An_old_iptables_needs_one_more_right()
    {
        _guest.Shell("""
            update-alternatives --set iptables /usr/sbin/iptables-legacy
            update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy
            sed -i 's/^firewall = .*/firewall = iptables/' /etc/blocksmtp/blocksmtp.conf
            """);
        _guest.Try("systemctl", "restart", "blocksmtp").ExitCode.Should().NotBe(0);
        _guest.Property("ExecMainStatus").Should().Be("77");

        var unit = string.Join('\n', DebianReadme.Lines("With iptables-legacy"));
        _guest.Shell($"printf '%s\\n' '{unit}' >/etc/systemd/system/blocksmtp.service.d/override.conf; systemctl daemon-reload; "
            + "systemctl restart blocksmtp");

        await _guest.IsActive();
        _guest.Run("iptables-legacy", "-w", "-S").Should().Contain("-N SPAM_UNAME_GUESSERS");
    }
}
