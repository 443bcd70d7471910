using System.Net;
using System.Net.Sockets;
using BlockSmtp.Tests.Fixtures;

namespace BlockSmtp.Tests.Control;

/// <summary>Whatever is done to the control socket, hosts are blocked and others are answered.</summary>
public sealed class HostileClientTests : ControlFixture
{
    [Test]
    public async Task Random_bytes_change_nothing()
    {
        var random = new Random(4711);
        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            await Running.SayAsync(bytes);
        }

        await BlockAndAsk("203.0.113.1");
    }

    [Test]
    public async Task Damaged_requests_change_nothing()
    {
        var random = new Random(815);
        var request = "{\"version\":1,\"command\":\"why\",\"address\":\"203.0.113.1\",\"after\":12}\n"u8.ToArray();
        for (var i = 0; i < 500; i++)
        {
            var damaged = request.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await Running.SayAsync(damaged);
        }

        await BlockAndAsk("203.0.113.1");
    }

    [Test]
    public async Task A_line_of_a_gigabyte_is_cut_off_early()
    {
        using var socket = await Running.OpenAsync();
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'x');
        var sent = 0L;
        var sending = async () =>
        {
            for (; sent < 1L << 30; sent += chunk.Length)
                await socket.SendAsync(chunk);
        };

        await sending.Should().ThrowAsync<SocketException>("the server closes");

        sent.Should().BeLessThan(16L << 20);
        await BlockAndAsk("203.0.113.2");
    }

    [Test]
    public async Task A_thousand_that_say_nothing_do_not_keep_others_out()
    {
        List<Socket> silent = [];
        for (var i = 0; i < 1000; i++)
            silent.Add(await Running.OpenAsync());

        await BlockAndAsk("203.0.113.3");

        // The one that was silent for longest had to go.
        (await silent[0].ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(30))).Should().Be(0);
        silent.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task Clients_that_never_read_their_answers_hold_up_nobody()
    {
        for (var host = 0; host < 2000; host++)
            await Running.Engine.Engine.BlockAsync(
                new IPNetwork(new IPAddress([100, 64, (byte)(host >> 8), (byte)host]), 32), TimeSpan.FromHours(1), "test");
        List<Socket> deaf = [];
        for (var i = 0; i < 8; i++)
        {
            var socket = await Running.OpenAsync();
            deaf.Add(socket);
            for (var request = 0; request < 50; request++)
                await socket.SendAsync("{\"version\":1,\"command\":\"list\"}\n"u8.ToArray());
        }

        await Running.Engine.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, "203.0.113.4"));

        await using var client = await Running.ConnectAsync();
        (await client.ExplainAsync(IPAddress.Parse("203.0.113.4"))).Explanation.Block.Should().NotBeNull();
        deaf.ForEach(socket => socket.Dispose());
    }

    private async Task BlockAndAsk(string host)
    {
        await Running.Engine.Log.WriteAsync(new LogText().Unknown(7, 4).End(7, host));
        await Running.Engine.Firewall.UntilBlocked(host);
        await using var client = await Running.ConnectAsync();
        (await client.ExplainAsync(IPAddress.Parse(host))).Explanation.Block.Should().NotBeNull();
        (await client.GetBlocksAsync()).Should().ContainSingle();
    }
}
