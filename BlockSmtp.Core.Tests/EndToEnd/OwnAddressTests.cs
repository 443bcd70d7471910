using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>The machine's addresses come and go while the daemon runs, as those of a cluster do.</summary>
internal sealed class OwnAddressTests
{
    private const string Address = "198.51.100.9";

    [Test]
    public async Task An_address_is_not_blocked_while_the_machine_has_it()
    {
        Requires.Root();
        Requires.Tool("nft");
        using var server = new LoneServer();
        await using var daemon = new LoneDaemon(server, "nftables", []);
        await daemon.IsReady();
        server.Guess(Address, 4);
        await Eventually.IsTrue(() => server.Blocked("nftables").Contains(Address), "it is anybody's");

        server.Run("ip", "address", "add", $"{Address}/32", "dev", "lo");

        await Eventually.IsTrue(() => server.Blocked("nftables").Count == 0, $"it is the machine's own; the daemon said:\n{daemon.Output}");
        server.Guess(Address, 4);
        await daemon.Says($"not blocked {Address} after 4 offenses: it is the mail server itself");

        server.Run("ip", "address", "del", $"{Address}/32", "dev", "lo");

        await Eventually.IsTrue(
            () =>
            {
                server.Guess(Address, 4);
                return server.Blocked("nftables").Contains(Address);
            },
            "it is anybody's again");
    }
}
