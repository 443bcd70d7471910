using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using BlockSmtp.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft", new[] { 25 })]
[TestFixture("legacy", new[] { 25 })]
[TestFixture("nft", new[] { 25, 465, 587 })]
public sealed class IpsetConformanceTests(string flavour, int[] ports) : FirewallConformance
{
    private NetworkNamespace _network = null!;
    private IpsetFirewall _firewall = null!;

    protected override IFirewall Firewall => _firewall;

    [SetUp]
    public void Enter()
    {
        IpsetFixture.Require(flavour);
        _network = new NetworkNamespace();
        _firewall = new(new() { Ports = ports }, new FakeTimeProvider(Until.AddHours(-3)), null, new() { Flavour = "-" + flavour, Prefix = _network.Prefix });
    }

    [TearDown]
    public void Leave() => _network?.Dispose();
}
