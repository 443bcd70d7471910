using System.Globalization;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.EndToEnd;

/// <summary>
/// A start after a crash at which the kernel refuses the rules: what the crash has left guards the server until one succeeds.
/// </summary>
internal sealed class FailedStartTests : NftablesServerFixture
{
    // Of the base chains that one hook may have (MAX_HOOK_COUNT, net/netfilter/core.c), all but the daemon's own: a table that replaces
    // its own is one too many as long as the old one is there.
    private const int OtherChains = 1023;
    private const string Host = "203.0.113.20";

    [Test]
    public async Task The_rules_that_a_crash_has_left_stay_when_the_next_start_fails()
    {
        await using (var crashed = new LoneDaemon(Server, "nftables", []))
        {
            await crashed.IsReady();
            Server.Guess(Host, 4);
            await Eventually.IsTrue(() => Server.Blocked("nftables").Contains(Host), "the host is blocked");
            await crashed.KillAsync();
        }

        Fill();
        await using (var failed = new LoneDaemon(Server, "nftables", []))
        {
            await failed.EndsAsync();
            await failed.Says("the rules stay in force");
        }

        Server.Blocked("nftables").Should().Equal(Host);
        Server.Run("nft", "delete", "table", "ip", "others");
        await using var next = new LoneDaemon(Server, "nftables", []);
        await next.IsReady();
        Server.Blocked("nftables").Should().Equal(Host);
    }

    private void Fill()
    {
        using var folder = new TemporaryFolder();
        var chains = Enumerable.Range(0, OtherChains).Select(number =>
            string.Create(CultureInfo.InvariantCulture, $"chain c{number} {{\ntype filter hook input priority {number};\n}}\n"));
        Command.Run("ip", [.. Server.Prefix[1..], "nft", "-f", folder.Write("others", $"table ip others {{\n{string.Concat(chains)}}}\n")]);
    }
}
