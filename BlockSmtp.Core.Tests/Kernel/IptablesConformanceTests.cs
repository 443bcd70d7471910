using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft", new[] { 25 })]
[TestFixture("legacy", new[] { 25 })]
[TestFixture("nft", new[] { 25, 465, 587 })]
[TestFixture("legacy", new[] { 25, 465, 587 })]
public sealed class IptablesConformanceTests(string flavour, int[] ports) : NetfilterConformance(flavour)
{
    private readonly string _flavour = "-" + flavour;

    protected override IFirewall Make() =>
        new IptablesFirewall(new() { Ports = ports }, null, new() { Flavour = _flavour, Prefix = Network.Prefix });
}
