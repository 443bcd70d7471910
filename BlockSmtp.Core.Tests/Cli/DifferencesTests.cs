using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Cli;

/// <summary><c>check</c> beside a daemon that runs: where it goes by something else than the configuration says now.</summary>
public sealed class DifferencesTests
{
    [Test]
    public async Task What_has_changed_since_is_named_with_what_takes_it_over()
    {
        using var folder = new TemporaryFolder();
        var list = folder.Write("white", "192.0.2.1\n");
        await using var daemon = await DryRunDaemon.StartAsync($"white-list = {list}\nblock-time = 3h\n");
        Check(daemon).Should().NotContain("differs");
        daemon.Ask("check", "--dry-run").Output.Should().Contain("a daemon runs")
            .And.NotContain("differs", "a restart would give it its command line again");

        await File.WriteAllTextAsync(daemon.Configuration, $"white-list = {list}\nblock-time = 6h\nmailer-port = 25,587\n");
        await File.WriteAllTextAsync(list, "192.0.2.1\n192.0.2.2\n");

        Check(daemon).Should().Contain("differs      block-time: the daemon goes by '3h', the configuration says '6h': blocksmtp reload\n")
            .And.Contain("differs      mailer-port: the daemon goes by the default, the configuration says '25,587': restart it\n")
            .And.Contain("differs      white-list: the daemon has 1 networks, the files have 2: blocksmtp reload\n");
        daemon.Ask("reload").ExitCode.Should().Be(0);
        Check(daemon).Should().NotContain("block-time").And.NotContain("differs      white-list").And.Contain("mailer-port: ");
    }

    /// <summary>With the command line that the daemon was started with.</summary>
    private static string Check(DryRunDaemon daemon) =>
        daemon.Ask("check", "--dry-run", "--debug=3", $"--syslog-msgs-file={daemon.Log}").Output;
}
