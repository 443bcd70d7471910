using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

[TestFixture("nft", new[] { 25 })]
[TestFixture("legacy", new[] { 25 })]
[TestFixture("nft", new[] { 25, 465, 587 })]
public sealed class IpsetConformanceTests(string flavour, int[] ports) : NetfilterConformance(flavour)
{
    private readonly string _flavour = "-" + flavour;

    protected override IFirewall Make()
    {
        Requires.Tool("ipset");
        return new IpsetFirewall(new() { Ports = ports }, null, null, new() { Flavour = _flavour, Prefix = Network.Prefix });
    }

    protected override async Task FlushAsync()
    {
        await base.FlushAsync();
        foreach (var set in Network.Run("ipset", "list", "-n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Network.Run("ipset", "destroy", set);
    }

    protected override async Task PutRulesOfOthersAsync()
    {
        await base.PutRulesOfOthersAsync();
        Network.Run("ipset", "create", "others", "hash:ip");
        Network.Run("ipset", "add", "others", "192.0.2.1");
    }

    protected override async Task<IReadOnlyList<string>> ReadRulesOfOthersAsync() =>
        [
            .. await base.ReadRulesOfOthersAsync(),
            .. Network.Run("ipset", "save", "others").Split('\n', StringSplitOptions.RemoveEmptyEntries),
        ];
}
