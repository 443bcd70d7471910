using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft", new[] { 25 })]
[TestFixture("legacy", new[] { 25 })]
[TestFixture("nft", new[] { 25, 465, 587 })]
[TestFixture("legacy", new[] { 25, 465, 587 })]
public sealed class IptablesConformanceTests(string flavour, int[] ports) : FirewallConformance
{
    private NetworkNamespace _network = null!;
    private IptablesFirewall _firewall = null!;

    protected override IFirewall Firewall => _firewall;

    [SetUp]
    public void Enter()
    {
        Requires.Tool($"iptables-{flavour}-restore");
        Requires.Tool($"ip6tables-{flavour}-restore");
        _network = new NetworkNamespace();
        var (exitCode, _, errors) = Command.Try("ip", "netns", "exec", _network.Name, $"iptables-{flavour}", "-S", "INPUT");
        Requires.Need(exitCode == 0, $"this kernel has no iptables-{flavour}: {errors}");
        _firewall = new(new() { Ports = ports }, null, new() { Flavour = "-" + flavour, Prefix = _network.Prefix });
    }

    [TearDown]
    public void Leave() => _network?.Dispose();
}
