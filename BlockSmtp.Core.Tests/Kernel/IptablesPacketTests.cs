using System.Net;
using System.Net.Sockets;
using BlockSmtp.Firewalls;

namespace BlockSmtp.Tests.Kernel;

/// <summary>Real connections over the loopback device of the namespace, from an address of their own.</summary>
[TestFixture("nft")]
[TestFixture("legacy")]
public sealed class IptablesPacketTests(string flavour) : IptablesFixture(flavour)
{
    [TestCase("iptables", "127.0.0.1", "127.0.0.2", "127.0.0.2/32")]
    [TestCase("iptables", "127.0.0.1", "127.0.0.2", "127.0.0.0/30")]
    [TestCase("ip6tables", "::1", "2001:db8::2", "2001:db8::2/128")]
    [TestCase("ip6tables", "::1", "2001:db8::2", "2001:db8::/64")]
    public async Task A_blocked_host_cannot_connect_until_it_is_released(string family, string server, string client, string network)
    {
        using var listener = Network.Listen(server);
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block(network)], default);

        using var guesser = Network.Connect(client, listener);
        await UntilDroppedAsync(family);
        guesser.Connected.Should().BeFalse();
        listener.Poll(0, SelectMode.SelectRead).Should().BeFalse("nobody can have come");

        await Firewall.ApplyAsync([Release(network)], default);
        guesser.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue("TCP tries again and again");
        using var session = listener.Accept();
        ((IPEndPoint)session.RemoteEndPoint!).Address.Should().Be(IPAddress.Parse(client));
    }

    [Test]
    public async Task A_bystander_and_other_ports_are_let_through()
    {
        using var listener = Network.Listen("127.0.0.1");
        using var web = Network.Listen("127.0.0.1", 80);
        await Firewall.StartAsync(Blocks("127.0.0.2/32"), default);

        using var bystander = Network.Connect("127.0.0.3", listener);
        using var elsewhere = Network.Connect("127.0.0.2", web);
        bystander.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue();
        elsewhere.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue();
    }

    [Test]
    public async Task A_session_is_cut_off_even_if_established_ones_were_accepted_first()
    {
        Iptables("iptables", "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT");
        using var listener = Network.Listen("127.0.0.1");
        using var guesser = Network.Connect("127.0.0.2", listener);
        guesser.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue();
        using var session = listener.Accept();
        await Firewall.StartAsync([], default);
        await Firewall.ApplyAsync([Block("127.0.0.2/32")], default);

        guesser.Send("RCPT TO:<anna@example.org>\r\n"u8);
        await UntilDroppedAsync("iptables");
        session.Available.Should().Be(0);

        await Firewall.ApplyAsync([Release("127.0.0.2/32")], default);
        session.Poll(LoopbackSockets.Patience, SelectMode.SelectRead).Should().BeTrue("TCP sends it again");
    }

    /// <summary>Waits until the rule in the chain has counted a packet.</summary>
    private Task UntilDroppedAsync(string family) => LoopbackSockets.UntilAsync(() =>
        Task.FromResult(Iptables(family, "-L SPAM_UNAME_GUESSERS -n -v -x").Split('\n')[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] != "0"));
}
