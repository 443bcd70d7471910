using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>A restart whose second half is refused for a typo leaves the server guarded; any other stop lets everybody in.</summary>
internal sealed class RestartTests : NftablesServerFixture
{
    [TestCase(true, "block-time = soon\n", true)]
    [TestCase(true, "max-offenses = 5\n", false)]
    [TestCase(false, "block-time = soon\n", false)]
    public async Task The_rules_stay_where_a_restart_would_be_refused(bool isRestart, string configuration, bool stay)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("blocksmtp.conf", "max-offenses = 3\n");
        var mark = folder.Write("restart", "of an earlier stop");
        await using var daemon = new LoneDaemon(Server, "nftables", [$"--config={file}"], runtimeDirectory: folder["."]);
        await daemon.IsReady();
        File.Exists(mark).Should().BeFalse("it is forgotten");
        Server.Guess("203.0.113.20", 4);
        await Eventually.IsTrue(() => Server.Blocked("nftables").Contains("203.0.113.20"), "the host is blocked");

        File.WriteAllText(file, configuration);
        if (isRestart)
            File.WriteAllText(mark, "");
        daemon.Signal("TERM");
        await daemon.EndsAsync();

        Server.Blocked("nftables").Contains("203.0.113.20").Should().Be(stay);
        daemon.Output.Contains(
            $"the rules stay in force, as the next start will be refused: {file}:1: block-time: 'soon' is not", StringComparison.Ordinal)
                .Should().Be(stay);
        File.Exists(mark).Should().BeFalse();
        if (!stay)
            return;
        File.WriteAllText(file, "");
        await using var next = new LoneDaemon(Server, "nftables", [$"--config={file}"]);
        await next.IsReady();
        Server.Blocked("nftables").Should().Contain("203.0.113.20");
    }
}
