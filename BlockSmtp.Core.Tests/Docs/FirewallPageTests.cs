using System.Text.RegularExpressions;
using BlockSmtp.Tests.EndToEnd;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Docs;

/// <summary>The page about firewalls shows what their tools list.</summary>
[Category(Needs.Root)]
internal sealed partial class FirewallPageTests
{
    private const string Page = "docs/firewalls.md";

    private LoneServer _server = null!;

    // What is another time or another packet, and what the kernel chooses.
    [GeneratedRegex(@"(?<=expires |timeout |packets |bytes |initval |bucketsize |hashsize )[\dxa-f][\w]*|[ \t]+")]
    private static partial Regex Varying { get; }

    [SetUp]
    public void Start() => _server = new LoneServer();

    [TearDown]
    public void End() => _server?.Dispose();

    [Test, RunsCommandsOf(Page, "iptables")]
    public Task Iptables_lists_what_the_page_shows() => Shows("iptables");

    [Test, RunsCommandsOf(Page, "nftables")]
    public Task Nftables_lists_what_the_page_shows() => Shows("nftables");

    [Test, RunsCommandsOf(Page, "ipset")]
    public Task Ipset_lists_what_the_page_shows() => Shows("ipset");

    private async Task Shows(string firewall)
    {
        await using var daemon = new LoneDaemon(_server, firewall, []);
        await daemon.IsReady();
        _server.Guess("61.173.40.71", 4);
        await daemon.Says("blocked 61.173.40.71 ");
        // What the daemon says is on its way to the kernel.
        var all = DocumentedCommands.Of(Page, firewall);
        await Eventually.IsTrue(
            () => all.Any(commands => commands.Run(_server.Prefix).Contains("61.173.40.71", StringComparison.Ordinal)),
            "the rule is in force");
        foreach (var commands in all)
            Lines(commands.Run(_server.Prefix)).Should().ContainInConsecutiveOrder(Lines(commands.Shown));
    }

    private static string[] Lines(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            Varying.Replace(line.Trim(), match => match.Value.Trim().Length == 0 ? " " : "N")),
    ];
}
