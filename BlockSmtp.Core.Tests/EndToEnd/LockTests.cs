using System.Diagnostics;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>Two daemons never share rules, and nobody but root can pretend to be one of them.</summary>
internal sealed class LockTests
{
    private LoneServer _server = null!;

    [SetUp]
    public void Make()
    {
        Requires.Root();
        Requires.Tool("nft");
        Requires.Tool("setpriv");
        Requires.Tool("perl");
        _server = new();
    }

    [TearDown]
    public void Leave() => _server?.Dispose();

    [Test]
    public async Task A_user_who_takes_what_the_lock_was_called_keeps_nobody_from_starting()
    {
        const string Program =
            """socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("\0blocksmtp/nft/blocksmtp")) or die; $| = 1; print "bound\n"; sleep 600""";
        using var user = Process.Start(new ProcessStartInfo(
            _server.Prefix[0], [.. _server.Prefix[1..], "setpriv", "--reuid=65534", "--clear-groups", "perl", "-MSocket", "-e", Program])
        { RedirectStandardOutput = true })!;
        try
        {
            (await user.StandardOutput.ReadLineAsync()).Should().Be("bound");
            await using var daemon = new LoneDaemon(_server, "nftables", []);
            await daemon.IsReady();
        }
        finally
        {
            user.Kill();
        }
    }

    [Test]
    public async Task A_second_daemon_is_refused_and_one_after_a_crash_is_not()
    {
        await using (var first = new LoneDaemon(_server, "nftables", []))
        {
            await first.IsReady();
            await using var second = new LoneDaemon(_server, "nftables", ["--state-dir=none"]);
            await second.Says("another blocksmtp uses the table blocksmtp: stop it, or name another table with --nftables-table-name");
            await using var other = new LoneDaemon(_server, "nftables", ["--state-dir=none", "--nftables-table-name=other"]);
            await other.IsReady();
        }

        await using var next = new LoneDaemon(_server, "nftables", []);
        await next.IsReady();
    }

    [Test]
    public async Task The_lock_is_a_file_that_only_root_can_open()
    {
        await using var daemon = new LoneDaemon(_server, "nftables", []);
        await daemon.IsReady();

        var number = _server.Run("readlink", "/proc/self/ns/net").Trim()["net:[".Length..^1];
        var (code, _, errors) = Command.Try(
            "setpriv", "--reuid=65534", "--clear-groups", "cat", $"/run/blocksmtp/{number}-table-blocksmtp.lock");

        code.Should().NotBe(0);
        errors.Should().Contain("Permission denied");
    }
}
