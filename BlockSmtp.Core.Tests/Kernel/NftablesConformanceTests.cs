using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

[TestFixture(new[] { 25 })]
[TestFixture(new[] { 25, 465, 587 })]
public sealed class NftablesConformanceTests(int[] ports) : FirewallConformance
{
    private NetworkNamespace _network = null!;
    private NftablesFirewall _nftables = null!;

    protected override IFirewall Firewall => new NamespacedFirewall(_network, _nftables);

    [SetUp]
    public void Enter()
    {
        Requires.Tool("nft");
        _network = new NetworkNamespace();
        _nftables = new(new() { Ports = ports }, new FakeTimeProvider(Until.AddHours(-3)));
    }

    [TearDown]
    public void Leave()
    {
        _nftables?.Dispose();
        _network?.Dispose();
    }
}
