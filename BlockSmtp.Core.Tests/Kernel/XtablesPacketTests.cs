using BlockSmtp.Firewalls;
using BlockSmtp.Tests.Firewalls;
using Microsoft.Extensions.Time.Testing;

namespace BlockSmtp.Tests.Kernel;

/// <summary>Real connections over the loopback device of the namespace, from an address of their own.</summary>
[TestFixture("iptables", "nft")]
[TestFixture("iptables", "legacy")]
[TestFixture("ipset", "nft")]
[TestFixture("ipset", "legacy")]
public sealed class XtablesPacketTests(string backend, string flavour) : XtablesFixture(flavour)
{
    private IFirewall _firewall = null!;

    [SetUp]
    public void Enter()
    {
        IptablesFixture.Require(Flavour);
        if (backend == "ipset")
            IpsetFixture.Require(Flavour[1..]);
        MakeNetwork();
        var tools = new IptablesTools { Flavour = Flavour, Prefix = Network.Prefix };
        _firewall = backend == "ipset"
            ? new IpsetFirewall(new(), new FakeTimeProvider(Now), new RecordedLog<IpsetFirewall>(), tools)
            : new IptablesFirewall(new(), new RecordedLog<IptablesFirewall>(), tools);
    }

    [TestCase("iptables", "127.0.0.1", "127.0.0.2", "127.0.0.2/32")]
    [TestCase("iptables", "127.0.0.1", "127.0.0.2", "127.0.0.0/30")]
    [TestCase("ip6tables", "::1", "2001:db8::2", "2001:db8::2/128")]
    [TestCase("ip6tables", "::1", "2001:db8::2", "2001:db8::/64")]
    public Task A_blocked_host_cannot_connect_until_it_is_released(string family, string server, string client, string network) =>
        Scenarios(family).CannotConnectUntilReleasedAsync(server, client, Block(network));

    [Test]
    public Task A_bystander_and_other_ports_are_let_through() =>
        Scenarios("iptables").BystandersAndOtherPortsAreLetThroughAsync(Blocks("127.0.0.2/32"));

    [Test]
    public async Task A_session_is_cut_off_even_if_established_ones_were_accepted_first()
    {
        Iptables("iptables", "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT");
        await Scenarios("iptables").SessionIsCutOffAsync(Block("127.0.0.2/32"));
    }

    private PacketScenarios Scenarios(string family) => new(Network, _firewall, () => UntilDroppedAsync(family));

    /// <summary>Waits until a rule in the chain has counted a packet.</summary>
    private Task UntilDroppedAsync(string family) => LoopbackSockets.UntilAsync(() =>
        Task.FromResult(Iptables(family, "-L SPAM_UNAME_GUESSERS -n -v -x").Split('\n').Skip(2)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Any(words => words is [not "0", ..])));
}
