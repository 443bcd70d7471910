using System.Globalization;
using System.Net.NetworkInformation;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary>The daemon as anybody may run it: it changes nothing.</summary>
public sealed class DryRunTests
{
    [Test]
    public void The_machine_itself_is_not_blocked_though_no_address_of_it_is_named()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(port => port.GetIPProperties().UnicastAddresses)
            .Select(found => found.Address).FirstOrDefault(address => address.GetAddressBytes() is [not 127, _, _, _]);
        if (own is null)
            Assert.Ignore("skipped, because this machine has no address but the loopback's");
        using var folder = new TemporaryFolder();
        var now = DateTimeOffset.UtcNow;
        var log = folder.Write("log", new LogText().Day(now.ToString("MMM dd", CultureInfo.InvariantCulture))
            .At(now.ToString("HH:mm:ss", CultureInfo.InvariantCulture))
            .Unknown(7, 4).End(7, own!.ToString()).ToString());

        var (_, _, errors) = Command.Try(
            "timeout", "--signal=TERM", "2", Tool.Path, "--dry-run", "--from-start", "--debug=3", $"--syslog-msgs-file={log}");

        errors.Should().Contain($"not blocked {own} after 4 offenses: it is the mail server itself");
    }

    [Test]
    public void It_goes_on_when_standard_error_is_closed()
    {
        using var folder = new TemporaryFolder();

        var (code, _, _) = Command.Try(
            "timeout", "--preserve-status", "--signal=TERM", "2", "sh", "-c", "exec \"$0\" \"$@\" 2>&-", Tool.Path, "--dry-run",
            "--debug=9", $"--syslog-msgs-file={folder["log"]}");

        code.Should().Be(0);
    }
}
