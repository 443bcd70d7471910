using BlockSmtp.Firewalls;
using BlockSmtp.Testing;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

[TestFixture(new[] { 25 })]
[TestFixture(new[] { 25, 465, 587 })]
public sealed class NftablesConformanceTests(int[] ports) : SharedFirewallConformance
{
    private NetworkNamespace _network = null!;

    protected override IFirewall Make()
    {
        var nftables = new NftablesFirewall(new() { Ports = ports });
        return new NamespacedFirewall(_network, nftables);
    }

    [SetUp]
    public void Enter()
    {
        Requires.Tool("nft");
        _network = new NetworkNamespace();
    }

    [TearDown]
    public void Leave() => _network?.Dispose();

    protected override Task PutRulesOfOthersAsync()
    {
        foreach (var command in new[]
        {
            "add table inet blocksmtp2",
            "add chain inet blocksmtp2 input { type filter hook input priority -10 ; }",
            "add rule inet blocksmtp2 input ip saddr 192.0.2.1 tcp dport 25 drop",
            "add set inet blocksmtp2 hosts4 { type ipv4_addr ; }",
            "add element inet blocksmtp2 hosts4 { 192.0.2.1, 192.0.2.3 }",
            "add table ip blocksmtp",
            "add chain ip blocksmtp input { type filter hook input priority 0 ; }",
            "add rule ip blocksmtp input tcp dport 25 accept",
            "add table ip6 filter",
        })
            _network.Run("nft", command.Split(' '));
        return Task.CompletedTask;
    }

    protected override Task<IReadOnlyList<string>> ReadRulesOfOthersAsync()
    {
        List<string> rules = [];
        foreach (var table in _network.Run("nft", "list", "tables").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (table != "table inet blocksmtp")
                rules.Add(_network.Run("nft", ["list", .. table.Split(' ')]));
        }
        return Task.FromResult<IReadOnlyList<string>>(rules);
    }

    protected override Task FlushAsync()
    {
        _network.Run("nft", "delete", "table", "inet", "blocksmtp");
        return Task.CompletedTask;
    }
}
