using System.Net;
using System.Net.Sockets;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Kernel;

/// <summary>What a firewall must do to real packets, whichever it is.</summary>
/// <param name="network">Where it is.</param>
/// <param name="firewall">The firewall, not started yet.</param>
/// <param name="untilDropped">Waits until one of its rules has counted a packet.</param>
internal sealed class PacketScenarios(NetworkNamespace network, IFirewall firewall, Func<Task> untilDropped)
{
    public async Task CannotConnectUntilReleasedAsync(string server, string client, FirewallChange block)
    {
        using var listener = network.Listen(server);
        await firewall.StartAsync([], default);
        await firewall.ApplyAsync([block], default);

        using var guesser = network.Connect(client, listener);
        await untilDropped();
        guesser.Connected.Should().BeFalse();
        listener.Poll(0, SelectMode.SelectRead).Should().BeFalse("nobody can have come");

        await firewall.ApplyAsync([FirewallChange.Release(block.Network)], default);
        guesser.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue("TCP tries again and again");
        using var session = listener.Accept();
        ((IPEndPoint)session.RemoteEndPoint!).Address.Should().Be(IPAddress.Parse(client));
    }

    /// <param name="blocked">Blocks 127.0.0.2.</param>
    public async Task BystandersAndOtherPortsAreLetThroughAsync(IReadOnlyCollection<Block> blocked)
    {
        using var listener = network.Listen("127.0.0.1");
        using var web = network.Listen("127.0.0.1", 80);
        await firewall.StartAsync(blocked, default);

        using var bystander = network.Connect("127.0.0.3", listener);
        using var elsewhere = network.Connect("127.0.0.2", web);
        bystander.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue();
        elsewhere.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue();
    }

    /// <param name="block">Blocks 127.0.0.2.</param>
    public async Task SessionIsCutOffAsync(FirewallChange block)
    {
        using var listener = network.Listen("127.0.0.1");
        using var guesser = network.Connect("127.0.0.2", listener);
        guesser.Poll(LoopbackSockets.Patience, SelectMode.SelectWrite).Should().BeTrue();
        using var session = listener.Accept();
        await firewall.StartAsync([], default);
        await firewall.ApplyAsync([block], default);

        guesser.Send("RCPT TO:<anna@example.org>\r\n"u8);
        await untilDropped();
        session.Available.Should().Be(0);

        await firewall.ApplyAsync([FirewallChange.Release(block.Network)], default);
        session.Poll(LoopbackSockets.Patience, SelectMode.SelectRead).Should().BeTrue("TCP sends it again");
    }
}
