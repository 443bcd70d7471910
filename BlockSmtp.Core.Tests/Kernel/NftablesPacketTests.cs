using System.Net;
using System.Net.Sockets;

namespace BlockSmtp.Tests.Kernel;

/// <summary>Real connections over the loopback device of the namespace, from an address of their own.</summary>
public sealed class NftablesPacketTests : NftablesFixture
{
    [TestCase("127.0.0.1", "127.0.0.2", "127.0.0.2/32")]
    [TestCase("127.0.0.1", "127.0.0.2", "127.0.0.0/30")]
    [TestCase("::1", "2001:db8::2", "2001:db8::2/128")]
    [TestCase("::1", "2001:db8::2", "2001:db8::/64")]
    public Task A_blocked_host_cannot_connect_until_it_is_released(string server, string client, string network) =>
        Scenarios().CannotConnectUntilReleasedAsync(server, client, Block(network));

    [Test]
    public Task A_bystander_and_other_ports_are_let_through() =>
        Scenarios().BystandersAndOtherPortsAreLetThroughAsync(Blocks("127.0.0.2/32"));

    [Test]
    public async Task A_session_is_cut_off_even_if_established_ones_were_accepted_first()
    {
        Nft("add table inet other");
        Nft("add chain inet other input { type filter hook input priority filter ; }");
        Nft("add rule inet other input ct state established accept");
        await Scenarios().SessionIsCutOffAsync(Block("127.0.0.2/32"));
    }

    [Test]
    public async Task A_host_is_let_in_again_by_the_kernel_alone()
    {
        using var listener = Network.Listen("127.0.0.1");
        var firewall = Make(time: TimeProvider.System);
        await firewall.StartAsync([], default);
        await firewall.ApplyAsync(
            [FirewallChange.Block(IPNetwork.Parse("127.0.0.2/32"), TimeProvider.System.GetUtcNow().AddSeconds(1))], default);

        using var guesser = Network.Connect("127.0.0.2", listener);
        await UntilDroppedAsync();
        guesser.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue("nobody has released it, but its time is over");
    }

    [TestCase(25)]
    [TestCase(587)]
    public async Task Each_of_several_ports_is_closed(int port)
    {
        using var listener = Network.Listen("127.0.0.1", port);
        await Make(new() { Ports = [25, 587] }).StartAsync(Blocks("127.0.0.2/32"), default);
        using var guesser = Network.Connect("127.0.0.2", listener);
        await UntilDroppedAsync();
        guesser.Connected.Should().BeFalse();
    }

    private PacketScenarios Scenarios() => new(Network, Firewall, UntilDroppedAsync);

    /// <summary>Waits until a rule of ours has counted a packet.</summary>
    private Task UntilDroppedAsync() => LoopbackSockets.UntilAsync(() =>
        Task.FromResult(Nft("list chain inet blocksmtp input").Split("packets ").Skip(1).Any(counted => counted[0] != '0')));
}
